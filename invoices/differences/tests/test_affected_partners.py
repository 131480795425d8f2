"""Tests that changes of what customers use name the invoices of their partners."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from invoices.models import Invoice
from invoices.tests.factories import SEPTEMBER, BilledOrganizationFactory, issued_invoice
from organizations.models import Organization
from organizations.partners.payers import payers_of
from organizations.tests.factories import FeeFactory, IndividualPriceFactory, PartnershipFactory
from rating.periods import Period
from tariffs.affected_invoices import AffectedInvoices
from tariffs.models import Tariff
from tariffs.tests.factories import TariffPriceFactory
from tests.jobs import run_jobs
from usage.closing.effects import closing_of
from usage.corrections.tests.test_correct import preview
from usage.models import UsageInterval
from usage.tests.factories import CameraFactory, UsageIntervalFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def basic() -> Tariff:
    tariff: Tariff = TariffPriceFactory.create(tariff__name="Basic").tariff
    return tariff


@pytest.fixture
def partner(basic: Tariff) -> Organization:
    """Return a partner that pays EUR 6.00 instead of EUR 9.00."""
    partner: Organization = BilledOrganizationFactory.create(title="Partner")
    IndividualPriceFactory.create(
        organization=partner, tariff=basic, amount=6, valid_from=date(2026, 1, 1)
    )
    return partner


@pytest.fixture
def use(basic: Tariff, partner: Organization) -> UsageInterval:
    """Return the use of a customer's camera; the partner is billed from September on."""
    customer = BilledOrganizationFactory.create(title="Harbour")
    customer.tariffs.add(basic)
    PartnershipFactory.create(organization=customer, partner=partner)
    interval: UsageInterval = UsageIntervalFactory.create(
        camera__organization=customer, camera__name="gate-1", tariff=basic
    )
    return interval


@pytest.fixture
def invoice(use: UsageInterval, partner: Organization) -> Invoice:
    """Return the partner's invoice for October."""
    return issued_invoice(partner)


def named(page: Any) -> list[str]:
    return [each.number for each in page.context["affected"].documents]


def money(page: Any) -> list[Decimal]:
    return [each.number for each in page.context["affected"].changes]


def disconnect(client: Client, use: UsageInterval, at: str, **further: str) -> Any:
    return client.post(
        f"/organizations/{use.organization_id}/cameras/disconnect/",
        {"uses": use.pk, "when": "past", "at": at, **further},
    )


def set_price(client: Client, tariff: Tariff, amount: str, valid_from: str) -> Any:
    address = f"/tariffs/{tariff.pk}/prices/add/"
    return client.post(address, {"amount": amount, "valid_from": valid_from})


def edit(client: Client, organization: Organization, **changed: str) -> Any:
    address = f"/organizations/{organization.pk}/edit/"
    form = client.get(address)
    entries = {
        name: form.context["form"][name].value() or "" for name in form.context["form"].fields
    }
    entries |= {"version": form.context["version"], **changed}
    entries["tariffs"] = [tariff.pk for tariff in organization.tariffs.all()]
    return client.post(address, entries)


def test_a_change_of_a_camera_names_the_partners_invoice(
    operator_client: Client, use: UsageInterval, invoice: Invoice
) -> None:
    page = disconnect(operator_client, use, "2026-10-11T00:00:00")

    assert named(page) == [invoice.number]
    assert money(page) == [Decimal("-4.06")]
    listed = operator_client.get(page.context["affected"].address).context["table"].page
    assert [row.record.number for row in listed] == [invoice.number]

    disconnect(operator_client, use, "2026-10-11T00:00:00", agreed=page.context["affected"].agreed)
    use.refresh_from_db()
    assert use.ended_at == datetime(2026, 10, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first_on", "last_on", "is_named"),
    [
        ("2026-10-15", None, True),
        ("2026-09-01", "2026-10-15", True),
        ("2026-09-01", "2026-10-10", False),
    ],
)
def test_the_partners_invoice_is_named_for_the_dates_of_the_partnership(
    operator_client: Client,
    use: UsageInterval,
    partner: Organization,
    first_on: str,
    last_on: str | None,
    is_named: bool,
) -> None:
    use.organization.partnerships.update(first_on=first_on, last_on=last_on)
    own, of_partner = issued_invoice(use.organization), issued_invoice(partner)

    found = named(disconnect(operator_client, use, "2026-10-11T00:00:00"))

    assert found == [own.number, *([of_partner.number] if is_named else [])]


def test_what_the_partner_is_billed_for_does_not_name_the_customers_invoice(
    operator_client: Client, use: UsageInterval, invoice: Invoice
) -> None:
    FeeFactory.create(organization=use.organization)
    issued_invoice(use.organization)

    assert named(disconnect(operator_client, use, "2026-10-11T00:00:00")) == [invoice.number]


def test_another_partners_invoice_is_not_named(
    operator_client: Client, use: UsageInterval, invoice: Invoice, basic: Tariff
) -> None:
    other = UsageIntervalFactory.create(
        camera__organization=BilledOrganizationFactory.create(), tariff=basic
    )
    PartnershipFactory.create(
        organization=other.organization, partner=BilledOrganizationFactory.create()
    )
    issued_invoice(other.organization.partnerships.get().partner)

    assert named(disconnect(operator_client, use, "2026-10-11T00:00:00")) == [invoice.number]


def test_a_move_from_one_partners_customer_to_anothers_names_both(
    operator_client: Client, use: UsageInterval, invoice: Invoice
) -> None:
    other = BilledOrganizationFactory.create(title="Quay")
    other.tariffs.add(use.tariff)
    partner = BilledOrganizationFactory.create()
    PartnershipFactory.create(organization=other, partner=partner)
    FeeFactory.create(organization=partner)
    second = issued_invoice(partner)

    page = operator_client.post(
        f"/cameras/{use.camera_id}/move/?to=Quay",
        {
            **{"tariff": use.tariff_id, "when": "past", "at": "2026-10-11T00:00:00"},
            "use": use.pk,
        },
    )

    assert named(page) == [invoice.number, second.number]
    assert money(page) == [Decimal("2.04")]


def test_a_price_names_the_partners_invoice(
    operator_client: Client, use: UsageInterval, invoice: Invoice, basic: Tariff
) -> None:
    invoice.organization.individual_prices.all().delete()

    page = set_price(operator_client, basic, "10", "2026-10-01")

    assert named(page) == [invoice.number]
    assert money(page) == [Decimal(1)]
    listed = operator_client.get(page.context["affected"].address).context["table"].page
    assert [row.record.number for row in listed] == [invoice.number]


@pytest.mark.parametrize(
    ("first_on", "last_on", "closed_on", "names"),
    [
        ("2026-09-01", None, None, ["partner"]),
        ("2026-10-15", None, None, ["own", "partner"]),
        ("2026-09-01", "2026-10-15", None, ["own", "partner"]),
        ("2026-09-01", "2026-09-20", None, ["own"]),
        ("2026-11-05", None, None, ["own"]),
        ("2026-09-01", None, "2026-09-20", ["own"]),
    ],
)
def test_a_price_names_the_invoices_of_those_who_are_billed(
    operator_client: Client,
    use: UsageInterval,
    partner: Organization,
    basic: Tariff,
    first_on: str,
    last_on: str | None,
    closed_on: str | None,
    names: list[str],
) -> None:
    for each in (use.organization, partner):
        FeeFactory.create(organization=each, first_on=date(2026, 10, 1))
    invoices = {"own": issued_invoice(use.organization), "partner": issued_invoice(partner)}
    use.organization.partnerships.update(first_on=first_on, last_on=last_on)
    if closed_on:
        closed_at = datetime(2026, 9, 21, tzinfo=UTC)
        Organization.objects.filter(pk=partner.pk).update(closed_on=closed_on, closed_at=closed_at)

    page = set_price(operator_client, basic, "10", "2026-10-01")

    assert named(page) == [invoices[name].number for name in names]


def test_a_trial_of_a_customer_does_not_name_the_partners_invoice(
    operator_client: Client, use: UsageInterval, invoice: Invoice
) -> None:
    page = edit(
        operator_client,
        use.organization,
        trial_first_on="2026-10-01",
        trial_last_on="2026-10-05",
    )

    assert page.status_code == 302
    page = edit(
        operator_client,
        invoice.organization,
        trial_first_on="2026-10-01",
        trial_last_on="2026-10-31",
    )
    assert money(page) == [Decimal(-6)]


def test_a_time_zone_of_a_customer_names_the_partners_invoice(
    operator_client: Client, use: UsageInterval, partner: Organization
) -> None:
    use.organization.partnerships.update(first_on="2026-10-01")
    FeeFactory.create(organization=partner)
    invoice = issued_invoice(partner, SEPTEMBER)

    page = edit(operator_client, use.organization, time_zone="Asia/Tokyo", time_zone_from="")

    # October begins nine hours earlier in Tokyo.
    assert named(page) == [invoice.number]
    assert money(page) == [Decimal("0.08")]


def test_a_correction_names_the_partners_invoice_and_states_its_months(
    operator_client: Client, use: UsageInterval, invoice: Invoice
) -> None:
    page: Any = preview(operator_client, [use], end="at", ended_at="2026-10-11T00:00:00")

    assert named(page) == [invoice.number]
    october = next(each for each in page.context["money"] if each.month == date(2026, 10, 1))
    assert october.organization == invoice.organization
    assert (october.before.number, october.after.number) == (Decimal(6), Decimal("1.94"))
    assert "Partner" in page.text


@pytest.mark.django_db(transaction=True)
def test_the_dry_run_of_an_import_names_the_partners_invoice(
    operator_client: Client, use: UsageInterval, invoice: Invoice
) -> None:
    lines = "organization,camera,title,tariff,started_at,ended_at\n"
    lines += "Harbour,gate-9,,Basic,2026-10-01T00:00:00Z,\n"
    file = SimpleUploadedFile("usage.csv", lines.encode())
    address = operator_client.post("/usage/import/", {"file": file}).headers["Location"]
    run_jobs()

    page = operator_client.get(address)

    assert named(page) == [invoice.number]
    assert money(page) == [Decimal(6)]


def test_the_import_command_names_the_partners_invoice(
    use: UsageInterval, invoice: Invoice, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "usage.csv"
    file.write_text(
        "organization,camera,title,tariff,started_at,ended_at\n"
        "Harbour,gate-9,,Basic,2026-10-30T00:00:00Z,\n"
    )

    call_command("import_usage", file, verbosity=0)

    assert f"will not change: {invoice.number}\n" in capsys.readouterr().out


def test_closing_a_customer_names_the_partners_invoice(
    operator_client: Client, use: UsageInterval, invoice: Invoice
) -> None:
    page = operator_client.post(
        f"/organizations/{use.organization_id}/close/", {"last_on": "2026-10-10"}
    )

    assert named(page) == [invoice.number]
    assert money(page) == [Decimal("-4.06")]


def test_usage_after_the_closing_of_a_customer_is_not_billed_to_its_partner(
    operator_client: Client, use: UsageInterval, partner: Organization
) -> None:
    customer = use.organization
    UsageInterval.objects.filter(pk=use.pk).update(ended_at=datetime(2026, 10, 20, tzinfo=UTC))
    customer.closed_on, customer.closed_at = date(2026, 10, 10), datetime(2026, 10, 11, tzinfo=UTC)
    customer.save()

    assert issued_invoice(partner).net == Decimal("1.94")


def test_closing_a_partner_names_the_invoices_of_its_customers(
    operator_client: Client, use: UsageInterval, invoice: Invoice
) -> None:
    FeeFactory.create(organization=use.organization)
    own = issued_invoice(use.organization)
    CameraFactory.create(organization=invoice.organization)
    partner = invoice.organization

    page = operator_client.post(f"/organizations/{partner.pk}/close/", {"last_on": "2026-10-10"})

    assert named(page) == [invoice.number, own.number]
    # The partner saves EUR 4.06, and the customer owes EUR 6.10.
    assert money(page) == [Decimal("2.04")]

    operator_client.post(
        f"/organizations/{partner.pk}/close/",
        {"last_on": "2026-10-10", "seen": page.context["closing"].seen},
    )
    reopening = operator_client.get(f"/organizations/{partner.pk}/reopen/")
    assert named(reopening) == [invoice.number, own.number]
    assert money(reopening) == [Decimal("-2.04")]


class TestClosingInAnotherTimeZone:
    """Customers are billed from the closing of their partner, or from their next date."""

    def close(self, partner: Organization, last_on: date, zone: str) -> None:
        partner.time_zone, partner.closed_on = zone, last_on
        partner.closed_at = partner.start_of(last_on + timedelta(days=1))
        partner.save()

    def test_who_is_billed_is_who_the_statements_say(
        self, use: UsageInterval, partner: Organization
    ) -> None:
        Organization.objects.update(time_zone="Asia/Tokyo")
        partner.refresh_from_db()
        self.close(partner, date(2026, 10, 10), "America/New_York")
        customer = Organization.objects.get(pk=use.organization_id)
        late = datetime(2026, 10, 10, 16, tzinfo=UTC), datetime(2026, 10, 11, 3, tzinfo=UTC)

        assert payers_of({customer.pk: late}) == {customer.pk: [late]}
        assert issued_invoice(customer, Period(date(2026, 10, 11), date(2026, 10, 12))).net > 0

    def test_a_price_names_the_customers_invoice_of_its_last_hours(
        self, operator_client: Client, use: UsageInterval, partner: Organization
    ) -> None:
        self.close(partner, date(2026, 9, 30), "Asia/Tokyo")
        own = issued_invoice(use.organization, SEPTEMBER)
        assert own.net > 0

        affected = AffectedInvoices.by_price(use.tariff_id, date(2026, 9, 1), None)

        assert own.number in [each.number for each in affected.documents]

    def test_the_page_names_the_customers_invoice_of_its_last_hours(
        self, use: UsageInterval, partner: Organization
    ) -> None:
        FeeFactory.create(organization=use.organization)
        own = issued_invoice(use.organization, SEPTEMBER)
        Organization.objects.filter(pk=partner.pk).update(time_zone="Asia/Tokyo")
        partner.refresh_from_db()

        closing = closing_of(partner, date(2026, 9, 30), datetime(2026, 11, 2, tzinfo=UTC))

        assert [each.number for each in closing.affected.documents] == [own.number]


class TestPartnerships:
    """A partnership decides who is billed, so it changes the invoices of both."""

    def add(self, client: Client, customer: Organization, **values: str) -> Any:
        address = reverse("usage:add_partnership", args=[customer.pk])
        return client.post(address, {"to": "Partner", "first_on": "2026-10-11", **values})

    def end(self, client: Client, customer: Organization, last_on: str, **values: str) -> Any:
        partnership = customer.partnerships.get()
        address = reverse("usage:end_partnership", args=[customer.pk, partnership.pk])
        version = client.get(address).context["version"]
        return client.post(address, {"last_on": last_on, "version": version, **values})

    def test_adding_one_asks_first_and_states_the_money(
        self, operator_client: Client, use: UsageInterval, partner: Organization
    ) -> None:
        use.organization.partnerships.all().delete()
        FeeFactory.create(organization=partner)
        invoices = [issued_invoice(each) for each in (use.organization, partner)]

        page = self.add(operator_client, use.organization)

        assert named(page) == [each.number for each in invoices]
        # The customer owes EUR 6.10 less, and the partner EUR 4.06 more.
        assert money(page) == [Decimal("-2.04")]
        assert not use.organization.partnerships.exists()
        agreed = page.context["affected"].agreed
        assert self.add(operator_client, use.organization, agreed=agreed).status_code == 302
        assert use.organization.partnerships.exists()

    def test_one_after_the_invoices_is_added_at_once(
        self, operator_client: Client, use: UsageInterval
    ) -> None:
        use.organization.partnerships.all().delete()
        issued_invoice(use.organization)

        answer = self.add(operator_client, use.organization, first_on="2026-11-01")

        assert answer.status_code == 302

    def test_ending_one_asks_first_and_states_the_money(
        self, operator_client: Client, use: UsageInterval, invoice: Invoice
    ) -> None:
        FeeFactory.create(organization=use.organization)
        own = issued_invoice(use.organization)

        page = self.end(operator_client, use.organization, "2026-10-10")

        assert named(page) == [invoice.number, own.number]
        assert money(page) == [Decimal("2.04")]
        assert use.organization.partnerships.get().last_on is None
        self.end(
            operator_client,
            use.organization,
            "2026-10-10",
            agreed=page.context["affected"].agreed,
        )
        assert use.organization.partnerships.get().last_on == date(2026, 10, 10)

    def test_one_that_ends_after_the_invoices_is_ended_at_once(
        self, operator_client: Client, use: UsageInterval, invoice: Invoice
    ) -> None:
        assert self.end(operator_client, use.organization, "2026-10-31").status_code == 302

    def test_what_is_refused_is_refused_instead_of_the_question(
        self, operator_client: Client, use: UsageInterval, invoice: Invoice
    ) -> None:
        page = self.add(operator_client, use.organization)

        assert "affected" not in page.context
        assert list(page.context["form"].errors) == ["first_on"]

    def test_the_month_of_a_partner_in_another_time_zone_counts_to_its_end(
        self, operator_client: Client, use: UsageInterval, partner: Organization
    ) -> None:
        Organization.objects.filter(pk=partner.pk).update(time_zone="America/New_York")
        partner.refresh_from_db()
        use.organization.partnerships.update(last_on="2026-10-31")
        FeeFactory.create(organization=partner)
        last_hours = issued_invoice(partner, Period(date(2026, 10, 31), date(2026, 11, 1)))

        page = self.end(operator_client, use.organization, "2026-10-30")

        assert named(page) == [last_hours.number]
