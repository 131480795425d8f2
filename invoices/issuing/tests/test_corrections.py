"""Tests of corrections to invoiced periods: a warning, then the correction if the user agrees."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from invoices.issuing import operations
from invoices.models import Invoice
from invoices.tests.factories import IN_NOVEMBER, SEPTEMBER, BilledUseFactory, issued_invoice
from organizations.models import BillingDetails, Organization, TaxPercent
from usage.models import UsageInterval

pytestmark = pytest.mark.django_db

WARNING = "This period has already been invoiced"


@pytest.fixture
def use() -> UsageInterval:
    return BilledUseFactory.create(camera__name="gate-1")


@pytest.fixture
def invoice(use: UsageInterval) -> Invoice:
    return issued_invoice(use.organization)


def disconnect(client: Client, use: UsageInterval, at: str, agreed: str = "") -> object:
    return client.post(
        f"/organizations/{use.organization_id}/cameras/disconnect/",
        {"uses": use.pk, "when": "past", "at": at, "agreed": agreed},
    )


def test_invoiced_usage_is_changed_after_a_warning(
    operator_client: Client, use: UsageInterval, invoice: Invoice
) -> None:
    page = disconnect(operator_client, use, "2026-10-20T00:00:00")

    assert WARNING in page.text  # type: ignore[attr-defined]
    assert f"/invoices/{invoice.pk}/differences/" in page.text  # type: ignore[attr-defined]
    use.refresh_from_db()
    assert use.ended_at is None

    agreed = page.context["affected"].agreed  # type: ignore[attr-defined]
    disconnect(operator_client, use, "2026-10-20T00:00:00", agreed)
    use.refresh_from_db()
    assert use.ended_at == datetime(2026, 10, 20, tzinfo=UTC)
    comparison = operator_client.get(f"/invoices/{invoice.pk}/differences/").context["comparison"]
    assert [each.camera for each in comparison.differences] == ["gate-1"]


@pytest.mark.parametrize("at", ["2026-11-01T00:00:00", "2026-11-02T08:00:00"])
def test_usage_after_the_invoiced_period_is_changed_without_a_warning(
    operator_client: Client, use: UsageInterval, invoice: Invoice, at: str
) -> None:
    disconnect(operator_client, use, at)

    use.refresh_from_db()
    assert use.ended_at is not None


def test_a_cancelled_invoice_does_not_cause_a_warning(
    operator_client: Client, use: UsageInterval, invoice: Invoice
) -> None:
    operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)

    disconnect(operator_client, use, "2026-10-20T00:00:00")

    use.refresh_from_db()
    assert use.ended_at is not None


def test_an_invoice_issued_after_the_warning_causes_a_new_warning(
    operator_client: Client, use: UsageInterval, invoice: Invoice
) -> None:
    page = disconnect(operator_client, use, "2026-09-20T00:00:00")
    agreed = page.context["affected"].agreed  # type: ignore[attr-defined]
    issued_invoice(use.organization, SEPTEMBER)

    again = disconnect(operator_client, use, "2026-09-20T00:00:00", agreed)

    assert WARNING in again.text  # type: ignore[attr-defined]
    use.refresh_from_db()
    assert use.ended_at is None


def test_connecting_in_the_past_warns(
    operator_client: Client, use: UsageInterval, invoice: Invoice
) -> None:
    fields = {
        "name": "gate-2",
        "tariff": use.tariff_id,
        "when": "past",
        "at": "2026-10-05T00:00:00",
    }

    page = operator_client.post(f"/organizations/{use.organization_id}/cameras/connect/", fields)

    assert WARNING in page.text
    assert UsageInterval.objects.count() == 1


def test_a_past_price_lists_the_invoices_of_organizations_that_used_the_tariff(
    operator_client: Client, use: UsageInterval, invoice: Invoice
) -> None:
    issued_invoice(BilledUseFactory.create().organization)

    page = operator_client.post(
        f"/tariffs/{use.tariff_id}/prices/add/", {"amount": "10", "valid_from": "2026-10-10"}
    )

    assert WARNING in page.text
    assert [each.number for each in page.context["affected"].documents] == [invoice.number]


def test_a_price_after_the_invoiced_period_does_not_cause_a_warning(
    operator_client: Client, use: UsageInterval, invoice: Invoice
) -> None:
    page = operator_client.post(
        f"/tariffs/{use.tariff_id}/prices/add/", {"amount": "10", "valid_from": "2026-11-01"}
    )

    assert WARNING not in page.text


def test_the_dry_run_of_an_import_warns(
    operator_client: Client, use: UsageInterval, invoice: Invoice
) -> None:
    line = f"{use.organization.title},gate-9,,{use.tariff.name},2026-10-30T00:00:00Z,\n"
    content = f"organization,camera,title,tariff,started_at,ended_at\n{line}".encode()

    page = operator_client.post(
        "/usage/import/", {"file": SimpleUploadedFile("usage.csv", content)}, follow=True
    )

    assert WARNING in page.text
    assert invoice.number in page.text


def test_the_import_command_lists_the_invoices(
    use: UsageInterval,
    invoice: Invoice,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "usage.csv"
    heading = "organization,camera,title,tariff,started_at,ended_at"
    warning = f"Already invoiced. These invoices will not change: {invoice.number}\n"

    for start, warns in (("2026-10-30", True), ("2026-10-30", False), ("2026-11-01", False)):
        line = f"{use.organization.title},from-{start},,{use.tariff.name},{start}T00:00:00Z,"
        file.write_text(f"{heading}\n{line}\n")
        call_command("import_usage", file, verbosity=0)
        assert (warning in capsys.readouterr().out) is warns


@pytest.mark.parametrize(
    ("changed", "warns"),
    [
        ({"trial_first_on": "2026-10-01", "trial_last_on": "2026-10-05"}, True),
        ({"trial_first_on": "2026-11-01", "trial_last_on": "2026-11-05"}, False),
        ({"time_zone": "Asia/Tokyo"}, True),
        ({"contract_number": "17"}, False),
    ],
)
def test_a_trial_or_time_zone_that_affects_an_invoiced_period_warns(
    operator_client: Client, invoice: Invoice, changed: dict[str, str], warns: bool
) -> None:
    address = f"/organizations/{invoice.organization_id}/edit/"
    form = operator_client.get(address)
    entries = {
        name: form.context["form"][name].value() or "" for name in form.context["form"].fields
    }
    entries |= {"version": form.context["version"], **changed}
    entries["tariffs"] = [tariff.pk for tariff in invoice.organization.tariffs.all()]

    page = operator_client.post(address, entries)

    assert (WARNING in page.text) is warns
    if warns:
        operator_client.post(address, entries | {"agreed": page.context["affected"].agreed})
    stored = Organization.objects.get(pk=invoice.organization_id)
    for name, value in changed.items():
        assert str(getattr(stored, name)) == value


def test_a_changed_tax_rate_is_not_a_difference(operator_client: Client, invoice: Invoice) -> None:
    TaxPercent.objects.update(percent=Decimal(7))
    BillingDetails.objects.update(name="Other")

    comparison = operator_client.get(f"/invoices/{invoice.pk}/differences/").context["comparison"]

    assert comparison.is_same
    assert (comparison.net, comparison.difference) == (Decimal("9.00"), Decimal(0))
