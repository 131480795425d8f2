"""Tests of corrections to invoiced periods: a warning, then the correction if the user agrees."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils.html import escape

from invoices.differences import affected
from invoices.differences.models import Recheck
from invoices.issuing import operations
from invoices.models import Invoice
from invoices.tests.factories import IN_NOVEMBER, SEPTEMBER, BilledUseFactory, issued_invoice
from organizations.models import BillingDetails, Organization, TaxPercent
from organizations.tests.factories import DiscountFactory, MinimumFactory
from tariffs.tests.factories import TariffPriceFactory
from tests.jobs import run_jobs
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


def edit(client: Client, invoice: Invoice, **changed: str) -> object:
    """Send the form of the invoice's organization with changes."""
    address = f"/organizations/{invoice.organization_id}/edit/"
    form = client.get(address)
    entries = {
        name: form.context["form"][name].value() or "" for name in form.context["form"].fields
    }
    entries |= {"version": form.context["version"], **changed}
    entries["tariffs"] = [tariff.pk for tariff in invoice.organization.tariffs.all()]
    return client.post(address, entries)


def dry_run(client: Client, use: UsageInterval, start: str) -> object:
    """Upload usage of another camera of the same organization and tariff."""
    line = f"{use.organization.title},gate-9,,{use.tariff.name},{start},\n"
    content = f"organization,camera,title,tariff,started_at,ended_at\n{line}".encode()
    file = SimpleUploadedFile("usage.csv", content)
    address = client.post("/usage/import/", {"file": file}).headers["Location"]
    run_jobs()
    return client.get(address)


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


@pytest.mark.django_db(transaction=True)
def test_the_dry_run_of_an_import_warns(
    operator_client: Client, use: UsageInterval, invoice: Invoice
) -> None:
    page = dry_run(operator_client, use, "2026-10-30T00:00:00Z")

    assert WARNING in page.text  # type: ignore[attr-defined]
    assert invoice.number in page.text  # type: ignore[attr-defined]


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
    page = edit(operator_client, invoice, **changed)

    assert (WARNING in page.text) is warns  # type: ignore[attr-defined]
    if warns:
        edit(operator_client, invoice, agreed=page.context["affected"].agreed, **changed)  # type: ignore[attr-defined]
    stored = Organization.objects.get(pk=invoice.organization_id)
    for name, value in changed.items():
        assert str(getattr(stored, name)) == value


def test_a_changed_tax_rate_is_no_difference(operator_client: Client, invoice: Invoice) -> None:
    TaxPercent.objects.update(percent=Decimal(7))
    BillingDetails.objects.update(name="Other")

    comparison = operator_client.get(f"/invoices/{invoice.pk}/differences/").context["comparison"]

    assert comparison.is_same


# --- The money and the list of all affected invoices ----------------------------------------------


def money(page: object) -> list[tuple[str, Decimal]]:
    """Return the changes that a warning states."""
    changes = page.context["affected"].changes  # type: ignore[attr-defined]
    return [(each.currency, each.number) for each in changes]


def listed(client: Client, page: object) -> list[str]:
    """Return the numbers in the list that a warning links to."""
    address = page.context["affected"].address  # type: ignore[attr-defined]
    assert f'href="{escape(address)}"' in page.text  # type: ignore[attr-defined]
    answer = client.get(address)
    return [row.record.number for row in answer.context["table"].page]


def test_the_warning_states_by_how_much_the_charges_change(
    operator_client: Client, use: UsageInterval, invoice: Invoice
) -> None:
    page = disconnect(operator_client, use, "2026-10-11T00:00:00")

    assert money(page) == [("EUR", Decimal("-6.10"))]
    assert "-EUR\N{NO-BREAK SPACE}6.10" in page.text  # type: ignore[attr-defined]
    use.refresh_from_db()
    assert use.ended_at is None
    assert not Recheck.objects.filter(from_on=date(2026, 10, 10)).exists()


def test_the_warning_about_a_price_states_by_how_much_the_charges_change(
    operator_client: Client, use: UsageInterval, invoice: Invoice
) -> None:
    price = {"amount": "10", "valid_from": "2026-10-01"}

    page = operator_client.post(f"/tariffs/{use.tariff_id}/prices/add/", price)

    assert money(page) == [("EUR", Decimal(1))]
    assert not use.tariff.prices.filter(amount=10).exists()


def test_the_warning_counts_what_was_agreed(
    operator_client: Client, use: UsageInterval, invoice: Invoice
) -> None:
    DiscountFactory.create(organization=use.organization, percent=Decimal(50))
    MinimumFactory.create(organization=use.organization, amount=Decimal("4.80"))
    price = {"amount": "10", "valid_from": "2026-10-01"}

    page = operator_client.post(f"/tariffs/{use.tariff_id}/prices/add/", price)

    # EUR 5.00 instead of EUR 4.50, and 0.30 less for the minimum.
    assert money(page) == [("EUR", Decimal("0.20"))]


def test_the_warning_about_a_trial_states_by_how_much_the_charges_change(
    operator_client: Client, invoice: Invoice
) -> None:
    page = edit(operator_client, invoice, trial_first_on="2026-10-01", trial_last_on="2026-10-31")

    assert money(page) == [("EUR", Decimal(-9))]
    assert Organization.objects.get(pk=invoice.organization_id).trial_first_on is None


@pytest.mark.django_db(transaction=True)
def test_the_dry_run_of_an_import_states_by_how_much_the_charges_change(
    operator_client: Client, use: UsageInterval, invoice: Invoice
) -> None:
    page = dry_run(operator_client, use, "2026-10-01T00:00:00Z")

    assert money(page) == [("EUR", Decimal(9))]
    assert UsageInterval.objects.count() == 1


def test_a_change_that_is_refused_is_refused_instead_of_the_warning(
    operator_client: Client, use: UsageInterval, invoice: Invoice
) -> None:
    page = disconnect(operator_client, use, "2025-10-11T00:00:00")

    assert WARNING not in page.text  # type: ignore[attr-defined]
    assert "earlier usage cannot be changed" in page.text  # type: ignore[attr-defined]


def test_too_many_charges_are_not_calculated(
    operator_client: Client,
    use: UsageInterval,
    invoice: Invoice,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(affected, "MOST_CHARGES", 0)

    page = disconnect(operator_client, use, "2026-10-11T00:00:00")

    assert page.context["affected"].changes is None  # type: ignore[attr-defined]
    assert "EUR\N{NO-BREAK SPACE}9.00" in page.text  # type: ignore[attr-defined]
    assert "too many charges" in page.text  # type: ignore[attr-defined]


def test_the_warning_links_to_exactly_the_affected_invoices(
    operator_client: Client, use: UsageInterval, invoice: Invoice
) -> None:
    issued_invoice(use.organization, SEPTEMBER)
    issued_invoice(BilledUseFactory.create().organization)

    page = disconnect(operator_client, use, "2026-10-11T00:00:00")

    assert page.context["affected"].number == 1  # type: ignore[attr-defined]
    assert listed(operator_client, page) == [invoice.number]


def test_the_warning_about_a_price_links_to_exactly_the_affected_invoices(
    operator_client: Client, use: UsageInterval, invoice: Invoice
) -> None:
    september = issued_invoice(use.organization, SEPTEMBER)
    issued_invoice(BilledUseFactory.create().organization)
    TariffPriceFactory.create(tariff=use.tariff, valid_from=date(2026, 10, 1))
    price = {"amount": "10", "valid_from": "2026-08-01"}

    page = operator_client.post(f"/tariffs/{use.tariff_id}/prices/add/", price)

    assert listed(operator_client, page) == [september.number]


@pytest.mark.django_db(transaction=True)
def test_an_import_for_many_organizations_links_to_all_invoices_since_then(
    operator_client: Client,
    use: UsageInterval,
    invoice: Invoice,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(affected, "_MOST_ORGANIZATIONS", 0)
    issued_invoice(use.organization, SEPTEMBER)

    page = dry_run(operator_client, use, "2026-10-11T00:00:00Z")

    assert listed(operator_client, page) == [invoice.number]


@pytest.mark.parametrize(
    "text",
    ["", "usage", "usage_1-1-1-1", "price_1-2026-13-01_", "price_1"],
)
def test_a_text_that_is_no_change_finds_nothing(text: str) -> None:
    assert affected.change_from(text) is None


@pytest.mark.parametrize(
    "change",
    [
        affected.UsageChange({7: [(datetime(2026, 10, 1, tzinfo=UTC), None)]}),
        affected.UsageChange(
            {
                7: [
                    (datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 2, tzinfo=UTC)),
                    (datetime(2026, 11, 1, tzinfo=UTC), None),
                ],
                8: [(datetime(1970, 1, 1, tzinfo=UTC), None)],
            }
        ),
        affected.PriceChange(7, date(2026, 10, 1), None),
        affected.PriceChange(7, date(2026, 10, 1), date(2026, 11, 1)),
    ],
)
def test_a_change_is_read_back_from_its_text(
    change: affected.UsageChange | affected.PriceChange,
) -> None:
    assert affected.change_from(str(change)) == change


def test_a_wrong_address_lists_nothing(operator_client: Client, invoice: Invoice) -> None:
    assert not operator_client.get("/invoices/?changed=wrong").context["table"].page.object_list
