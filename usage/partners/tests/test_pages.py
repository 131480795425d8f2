"""Tests of the pages of partners, and of what their people see."""

import csv
import html
import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from accounts.tests.factories import OwnerFactory
from organizations.models import Organization, Partnership
from organizations.tests.factories import (
    OrganizationFactory,
    PartnershipFactory,
)
from rating.money import Amount
from rating.periods import month_of
from tariffs.models import Tariff
from usage.models import Camera, UsageInterval
from usage.statements.statement import statement_for
from usage.tests.factories import CameraFactory

pytestmark = pytest.mark.django_db

SEPTEMBER = {"from": "2026-09-01", "to": "2026-09-30"}


@pytest.fixture
def partner(partner: Organization, basic: Tariff) -> Organization:
    """Give the partner a title, and two customers with a camera each."""
    partner.title = "Reseller"
    partner.save()
    for title in ("Harbour", "Quay"):
        customer = OrganizationFactory.create(title=title)
        PartnershipFactory.create(partner=partner, organization=customer)
        UsageInterval.objects.create(
            camera=CameraFactory.create(organization=customer, name=f"{title.lower()}-gate"),
            organization=customer,
            tariff=basic,
            started_at=datetime(2026, 9, 1, tzinfo=UTC),
        )
    return partner


def text_of(answer: Any) -> str:
    return " ".join(html.unescape(strip_tags(answer.content.decode())).split())


def customers_of(partner: Organization, ending: str = "") -> str:
    return reverse(f"usage:customers{ending}", args=[partner.pk])


def test_the_statement_lists_customers_and_cameras(
    operator_client: Client, partner: Organization
) -> None:
    text = text_of(operator_client.get(customers_of(partner), SEPTEMBER))

    assert "Harbour 1 EUR 9.00 EUR 6.00 EUR 3.00" in text
    assert "TotalinEUREUR18.00EUR12.00EUR6.00" in "".join(text.split())
    assert "harbour-gate" in text
    assert "Partner of2 organizations" in text


def test_usages_show_what_the_partner_is_invoiced(
    operator_client: Client, partner: Organization, basic: Tariff
) -> None:
    own = CameraFactory.create(organization=partner, name="lobby")
    UsageInterval.objects.create(
        camera=own, organization=partner, tariff=basic, started_at=datetime(2026, 9, 1, tzinfo=UTC)
    )
    names = {"lobby", "harbour-gate", "quay-gate"}

    page = operator_client.get(reverse("usage:usages", args=[partner.pk]), SEPTEMBER)
    (bill,) = page.context["bills"]
    answer: Any = operator_client.get(reverse("usage:usages_csv", args=[partner.pk]), SEPTEMBER)
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    answer = operator_client.get(reverse("usage:usages_xlsx", args=[partner.pk]), SEPTEMBER)
    sheet: Any = openpyxl.load_workbook(io.BytesIO(answer.getvalue()))["Charges"]
    issued = statement_for(
        organization=partner,
        period=month_of(date(2026, 9, 1)),
        as_of=datetime(2026, 11, 30, tzinfo=UTC),
    )

    assert bill.total == issued.bills()[0].total == Amount(Decimal("18.00"), "EUR")
    assert {row["camera"] for row in rows} == names
    assert sum(Decimal(row["amount"]) for row in rows) == 18
    column = [cell.value for cell in sheet[1]].index("camera")
    assert {row[column] for row in sheet.iter_rows(min_row=2, values_only=True)} == names


def test_cameras_of_customers_are_found_and_sorted_in_usages(
    operator_client: Client, partner: Organization
) -> None:
    Camera.objects.update(title="")
    Camera.objects.filter(name="quay-gate").update(title="North entrance")
    address = reverse("usage:usages", args=[partner.pk])

    def shown(**query: str) -> list[tuple[str, str]]:
        page = operator_client.get(address, SEPTEMBER | query)
        return [(row.camera.name, row.title) for row in page.context["rows"]]

    assert shown(q="north") == [("quay-gate", "North entrance")]
    assert shown(sort="-camera") == [("quay-gate", "North entrance"), ("harbour-gate", "")]


def test_the_statement_is_exported(operator_client: Client, partner: Organization) -> None:
    answer: Any = operator_client.get(customers_of(partner, "_csv"), SEPTEMBER)
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode())))
    assert [row["organization"] for row in rows] == ["Harbour", "Quay"]
    assert {(row["retail"], row["wholesale"], row["margin"]) for row in rows} == {
        ("9.00", "6.00", "3.00")
    }

    answer = operator_client.get(customers_of(partner, "_xlsx"), SEPTEMBER)
    sheet: Any = openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active
    assert [cell.value for cell in sheet[2]][6:9] == [9, 6, 3]


def test_an_export_of_a_wrong_period_says_so(
    operator_client: Client, partner: Organization
) -> None:
    answer = operator_client.get(customers_of(partner, "_csv"), {"from": "x", "to": "2026-09-30"})

    assert answer.status_code == 400
    assert "cannot be exported" in answer.content.decode()


class TestAccess:
    def test_people_of_a_partner_see_its_present_customers_as_readers(
        self, client: Client, partner: Organization
    ) -> None:
        customer = Organization.objects.get(title="Harbour")
        client.force_login(partner.owner)

        assert client.get(reverse("usage:usages", args=[customer.pk])).status_code == 200
        assert client.get(reverse("organizations:billing", args=[customer.pk])).status_code == 403
        listed = text_of(client.get(reverse("organizations:list")))
        assert "Harbour" in listed
        assert "Quay" in listed

    def test_members_of_a_partner_see_its_customers_too(
        self, client: Client, partner: Organization
    ) -> None:
        member = OwnerFactory.create()
        partner.memberships.create(user=member, role="reader")
        client.force_login(member)

        assert "Harbour" in text_of(client.get(reverse("organizations:list")))
        assert client.get(customers_of(partner)).status_code == 403

    def test_they_see_no_others(self, client: Client, partner: Organization) -> None:
        other = OrganizationFactory.create(title="Other")
        client.force_login(partner.owner)

        assert client.get(reverse("usage:usages", args=[other.pk])).status_code == 404
        assert "Other" not in text_of(client.get(reverse("organizations:list")))

    def test_they_no_longer_see_a_customer_whose_partnership_has_ended(
        self, client: Client, partner: Organization
    ) -> None:
        customer = Organization.objects.get(title="Harbour")
        yesterday = timezone.now().date() - timedelta(days=2)
        customer.partnerships.update(last_on=yesterday)
        client.force_login(partner.owner)

        assert client.get(reverse("usage:usages", args=[customer.pk])).status_code == 404
        # Nor when it has another partner since.
        PartnershipFactory.create(organization=customer, first_on=yesterday + timedelta(days=1))
        assert client.get(reverse("usage:usages", args=[customer.pk])).status_code == 404

    def test_they_do_not_see_a_customer_before_its_partnership_begins(
        self, client: Client, partner: Organization
    ) -> None:
        customer = Organization.objects.get(title="Harbour")
        customer.partnerships.update(first_on=timezone.now().date() + timedelta(days=2))
        client.force_login(partner.owner)

        assert client.get(reverse("usage:usages", args=[customer.pk])).status_code == 404

    def test_a_customer_does_not_see_its_partner(
        self, client: Client, partner: Organization
    ) -> None:
        customer = Organization.objects.get(title="Harbour")
        client.force_login(customer.owner)

        assert client.get(customers_of(partner)).status_code == 404
        page = text_of(client.get(reverse("usage:usages", args=[customer.pk])))
        assert "BilledtoReseller" in "".join(page.split())


class TestPartnerships:
    def add(self, client: Client, organization: Organization, **values: str) -> Any:
        address = reverse("usage:add_partnership", args=[organization.pk])
        return client.post(address, {"first_on": "2026-10-01"} | values)

    def test_an_operator_adds_a_partner(
        self, operator_client: Client, partner: Organization
    ) -> None:
        customer = OrganizationFactory.create(title="Zoo")

        answer = self.add(operator_client, customer, to="reseller", last_on="2026-12-31")

        assert answer.status_code == 302
        added = customer.partnerships.get()
        assert (added.partner, added.first_on, added.last_on) == (
            partner,
            date(2026, 10, 1),
            date(2026, 12, 31),
        )

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"to": "Nobody"}, "to"),
            ({"to": ""}, "to"),
            ({"to": "Zoo"}, "to"),
            ({"to": "Quay"}, "to"),
            ({"to": "x\x00"}, "to"),
            ({"to": "x" * 300}, "to"),
            ({"to": "Reseller", "first_on": "x"}, "first_on"),
            ({"to": "Reseller", "first_on": ""}, "first_on"),
            ({"to": "Reseller", "first_on": "0001-01-01"}, "first_on"),
            ({"to": "Reseller", "last_on": "9999-12-31"}, "last_on"),
            ({"to": "Reseller", "last_on": "2026-02-30"}, "last_on"),
            ({"to": "Reseller", "last_on": "2026-09-30"}, "last_on"),
        ],
    )
    def test_invalid_values_are_refused_on_their_field(
        self,
        operator_client: Client,
        partner: Organization,
        values: dict[str, str],
        field: str,
    ) -> None:
        customer = OrganizationFactory.create(title="Zoo")

        answer = self.add(operator_client, customer, **values)

        assert list(answer.context["form"].errors) == [field]
        assert not customer.partnerships.exists()

    def test_a_partner_gets_no_partner(
        self, operator_client: Client, partner: Organization
    ) -> None:
        OrganizationFactory.create(title="Zoo")

        answer = self.add(operator_client, partner, to="Zoo")

        assert "is a partner" in str(answer.context["form"].errors["to"])

    def test_partnerships_of_an_organization_do_not_overlap(
        self, operator_client: Client, partner: Organization
    ) -> None:
        customer = Organization.objects.get(title="Harbour")
        OrganizationFactory.create(title="Zoo")

        answer = self.add(operator_client, customer, to="Zoo")
        assert "overlap the partnership with “Reseller”" in str(
            answer.context["form"].errors["first_on"]
        )

    def test_a_partnership_is_ended(self, operator_client: Client, partner: Organization) -> None:
        partnership = Partnership.objects.get(organization__title="Harbour")
        address = reverse(
            "usage:end_partnership", args=[partnership.organization_id, partnership.pk]
        )

        version = operator_client.get(address).context["version"]

        early = operator_client.post(address, {"last_on": "2026-08-31", "version": version})
        done = [
            operator_client.post(address, {"last_on": "2026-10-31", "version": version})
            for _ in range(2)
        ]

        assert list(early.context["form"].errors) == ["last_on"]
        assert [answer.status_code for answer in done] == [302, 302]
        partnership.refresh_from_db()
        assert partnership.last_on == date(2026, 10, 31)

    def test_the_history_of_the_customer_has_it(
        self, operator_client: Client, partner: Organization
    ) -> None:
        customer = OrganizationFactory.create(title="Zoo")
        self.add(operator_client, customer, to="Reseller")

        address = reverse("organizations:history", args=[customer.pk])

        assert "Partnership: Reseller" in text_of(operator_client.get(address))

    def test_two_operators_see_both_last_days(
        self, operator_client: Client, partner: Organization
    ) -> None:
        partnership = Partnership.objects.get(organization__title="Harbour")
        address = reverse(
            "usage:end_partnership", args=[partnership.organization_id, partnership.pk]
        )
        version = operator_client.get(address).context["version"]
        operator_client.post(address, {"last_on": "2026-10-31", "version": version})

        page = operator_client.post(address, {"last_on": "2026-11-30", "version": version})

        (difference,) = page.context["conflict"].differences
        assert (difference.typed, difference.stored) == ("30 Nov 2026", "31 Oct 2026")
        assert difference.change is not None
        partnership.refresh_from_db()
        assert partnership.last_on == date(2026, 10, 31)
        operator_client.post(address, {"last_on": "2026-11-30", "version": page.context["version"]})
        partnership.refresh_from_db()
        assert partnership.last_on == date(2026, 11, 30)

    def test_a_partnership_withdrawn_meanwhile_leads_back(
        self, operator_client: Client, partner: Organization
    ) -> None:
        later = PartnershipFactory.create(partner=partner, first_on=date(2199, 1, 1))
        address = reverse("usage:end_partnership", args=[later.organization_id, later.pk])
        later.delete()

        assert operator_client.post(address, {"last_on": ""}).status_code == 404

    def test_a_last_day_during_the_next_partnership_is_refused_on_its_field(
        self, operator_client: Client, partner: Organization
    ) -> None:
        first = Partnership.objects.get(organization__title="Harbour")
        Partnership.objects.filter(pk=first.pk).update(last_on=date(2026, 9, 30))
        PartnershipFactory.create(
            organization=first.organization, partner=partner, first_on=date(2026, 10, 1)
        )
        address = reverse("usage:end_partnership", args=[first.organization_id, first.pk])
        version = operator_client.get(address).context["version"]

        page = operator_client.post(address, {"last_on": "", "version": version})

        assert "Another partnership begins" in str(page.context["form"].errors["last_on"])

    def test_only_a_partnership_that_has_not_begun_is_withdrawn(
        self, operator_client: Client, partner: Organization
    ) -> None:
        begun = Partnership.objects.get(organization__title="Harbour")
        later = PartnershipFactory.create(partner=partner, first_on=date(2199, 1, 1))
        for each in (begun, later):
            operator_client.post(
                reverse("usage:withdraw_partnership", args=[each.organization_id, each.pk])
            )

        assert Partnership.objects.filter(pk=begun.pk).exists()
        assert not Partnership.objects.filter(pk=later.pk).exists()

    def test_the_database_refuses_a_chain(self, partner: Organization) -> None:
        customer = Organization.objects.get(title="Harbour")
        for organization, other in ((partner, OrganizationFactory.create()), (None, customer)):
            with pytest.raises(DatabaseError), transaction.atomic():
                PartnershipFactory.create(
                    organization=organization or OrganizationFactory.create(), partner=other
                )
