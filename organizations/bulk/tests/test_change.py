"""Changing many organizations at once."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from invoices.tests.factories import issued_invoice
from organizations.bulk.operations import MOST_AT_ONCE
from organizations.models import Organization, Tag
from organizations.tags.forms import MOST_TAGS
from organizations.tags.operations import set_tags
from organizations.tests.factories import BillingDetailsFactory, OrganizationFactory, a_tax
from rating.periods import ZoneVersion
from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory

pytestmark = pytest.mark.django_db

ADDRESS = "/organizations/change/"


@pytest.fixture
def two() -> list[Organization]:
    """Two organizations: Acme in Russian without tariffs, and Zeta with one and a trial."""
    basic = TariffFactory.create(name="Basic")
    acme = OrganizationFactory.create(title="Acme", invoice_language="ru")
    zeta = OrganizationFactory.create(
        title="Zeta",
        tariffs=[basic],
        trial_first_on=date(2026, 10, 1),
        trial_last_on=date(2026, 10, 31),
    )
    for each in (acme, zeta):
        BillingDetailsFactory.create(organization=each)
    return [acme, zeta]


def post(client: Client, organizations: list[Organization], **values: Any) -> Any:
    ids = ",".join(str(each.pk) for each in organizations)
    return client.post(ADDRESS, {"ids": ids, **values})


def differences(answer: Any) -> list[tuple[str, list[tuple[str, str, str]]]]:
    return [(each.organization.title, shown) for each, shown in answer.context["planned"]]


def apply(client: Client, organizations: list[Organization], **values: Any) -> Any:
    """Have the differences shown, and confirm them."""
    shown = post(client, organizations, **values).context
    return post(
        client, organizations, **values, shown=shown["shown"], agreed=shown["affected"].agreed
    )


def test_the_differences_state_the_money_of_affected_invoices(operator_client: Client) -> None:
    invoice = issued_invoice()
    trial = {"trial": "set", "trial_first_on": "2026-10-01", "trial_last_on": "2026-10-31"}

    affected = post(operator_client, [invoice.organization], **trial).context["affected"]

    assert [each.number for each in affected.documents] == [invoice.number]
    assert [each.number for each in affected.changes] == [-9]
    assert Organization.objects.get().trial_first_on is None


def test_the_differences_are_shown_first(operator_client: Client, two: list[Organization]) -> None:
    basic, pro = Tariff.objects.get(), TariffFactory.create(name="Pro")

    answer = post(
        operator_client,
        two,
        added_tariffs=[pro.pk],
        removed_tariffs=[basic.pk],
        invoice_language="en",
        trial="none",
    )

    assert differences(answer) == [
        ("Acme", [("Tariff plans", "–", "Pro"), ("Invoice language", "Русский", "English")]),
        (
            "Zeta",
            [
                ("First day of trial", "1 Oct 2026", "–"),
                ("Last day of trial", "31 Oct 2026", "–"),
                ("Tariff plans", "Basic", "Pro"),
            ],
        ),
    ]
    zeta = Organization.objects.get(title="Zeta")
    assert zeta.trial_first_on == date(2026, 10, 1)
    assert list(zeta.tariffs.all()) == [basic]


def test_confirmed_differences_are_applied(
    operator_client: Client, two: list[Organization]
) -> None:
    pro, tax = TariffFactory.create(name="Pro"), a_tax(percent=7)

    answer = apply(
        operator_client,
        two,
        added_tariffs=[pro.pk],
        tax=tax.pk,
        trial="set",
        trial_first_on="2026-11-01",
        trial_last_on="2026-11-30",
        invoice_language="en",
    )

    assert answer.status_code == 302
    for each in Organization.objects.all():
        assert pro in each.tariffs.all()
        assert (each.trial_first_on, each.trial_last_on) == (date(2026, 11, 1), date(2026, 11, 30))
        assert each.invoice_language == "en"
        (details,) = each.billing_details.all()
        assert (details.tax, details.name) == (tax, "Harbour Storage GmbH")
    assert Organization.objects.get(title="Zeta").tariffs.count() == 2


def test_differences_that_were_not_shown_are_not_applied(
    operator_client: Client, two: list[Organization]
) -> None:
    shown = post(operator_client, two, invoice_language="en").context["shown"]
    Organization.objects.filter(title="Zeta").update(invoice_language="ru")

    answer = post(operator_client, two, invoice_language="en", shown=shown)

    assert "Nothing was changed: check again" in answer.text
    assert [title for title, _shown in differences(answer)] == ["Acme", "Zeta"]
    assert not Organization.objects.filter(invoice_language="en").exists()


def test_one_organization_that_cannot_be_changed_keeps_all_as_they_are(
    operator_client: Client, two: list[Organization]
) -> None:
    two[1].billing_details.update(tax_number="")
    two[0].billing_details.update(tax_number="DE123456788")
    tax = a_tax("AE")

    first = post(operator_client, two, tax=tax.pk)
    answer = post(operator_client, two, tax=tax.pk, shown=first.context["shown"])

    assert [each.organization.title for each in first.context["refused"]] == ["Zeta"]
    assert answer.status_code == 200
    assert "A reverse charge requires a tax ID" in answer.text
    assert not tax.billing_details.exists()


def test_nothing_to_change_is_said(operator_client: Client, two: list[Organization]) -> None:
    answer = post(operator_client, two[:1], invoice_language="ru")
    assert "nothing would change" in answer.text
    assert "Show differences" in answer.text


def test_a_time_zone_applies_from_a_date_or_from_the_beginning(
    operator_client: Client, two: list[Organization]
) -> None:
    Organization.objects.filter(title="Acme").update(time_zone="Asia/Tokyo")
    zone = {"time_zone": "Asia/Tokyo", "time_zone_from": "2026-12-01"}

    assert differences(post(operator_client, two, **zone)) == [
        (
            "Zeta",
            [("Time zone", "UTC", "Asia/Tokyo"), ("Time zone applies from", "–", "1 Dec 2026")],
        )
    ]
    apply(operator_client, two, **zone)

    acme, zeta = Organization.objects.order_by("title")
    assert (acme.time_zone_from, zeta.time_zone_from) == (None, date(2026, 12, 1))
    assert [each.time_zone for each in zeta.earlier_time_zones.all()] == ["UTC"]
    apply(operator_client, two, time_zone="Europe/Berlin")
    assert {each.zones for each in Organization.objects.all()} == {
        ZoneVersion.always(ZoneInfo("Europe/Berlin"))
    }


@pytest.mark.parametrize(
    ("values", "field", "reason"),
    [
        ({"time_zone_from": "2026-11-01"}, "time_zone", "Choose a time zone, or leave its date"),
        ({}, "__all__", "Choose what to change."),
        ({"trial": "set"}, "trial_first_on", "Enter the first and the last day of the trial."),
        ({"trial_first_on": "2026-11-01"}, "trial", "Choose here that there is to be a trial"),
        (
            {"trial": "set", "trial_first_on": "2026-11-02", "trial_last_on": "2026-11-01"},
            "trial_last_on",
            "The last day of the trial is before the first",
        ),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(
    operator_client: Client,
    two: list[Organization],
    values: dict[str, str],
    field: str,
    reason: str,
) -> None:
    answer = post(operator_client, two, **values)

    assert reason in answer.context["form"].errors[field][0]
    assert "planned" not in answer.context


def test_a_plan_cannot_be_added_and_removed(
    operator_client: Client, two: list[Organization]
) -> None:
    (basic,) = Tariff.objects.all()
    answer = post(operator_client, two, added_tariffs=[basic.pk], removed_tariffs=[basic.pk])
    assert "removed_tariffs" in answer.context["form"].errors


def test_tags_are_added_and_removed(operator_client: Client, two: list[Organization]) -> None:
    acme, zeta = two
    set_tags(organization_id=acme.pk, names=["Hamburg", "Old"])
    set_tags(organization_id=zeta.pk, names=["Key account"])
    old = Tag.objects.get(name="Old")
    values = {"added_tags": "key ACCOUNT, New", "removed_tags": [old.pk]}

    assert differences(post(operator_client, two, **values)) == [
        ("Acme", [("Tags", "Hamburg, Old", "Hamburg, Key account, New")]),
        ("Zeta", [("Tags", "Key account", "Key account, New")]),
    ]
    apply(operator_client, two, **values)

    assert sorted(tag.name for tag in acme.tags.all()) == ["Hamburg", "Key account", "New"]
    assert sorted(tag.name for tag in zeta.tags.all()) == ["Key account", "New"]
    assert not Tag.objects.filter(name="Old").exists()


def test_only_tags_that_they_have_can_be_removed(
    operator_client: Client, two: list[Organization]
) -> None:
    acme, zeta = two
    assert "removed_tags" not in post(operator_client, two).context["form"].fields
    set_tags(organization_id=acme.pk, names=["Old"])
    set_tags(organization_id=zeta.pk, names=["Other"])

    form = post(operator_client, [acme]).context["form"]

    assert [str(tag) for tag in form.fields["removed_tags"].queryset] == ["Old"]
    answer = post(
        operator_client, [acme], added_tags="old", removed_tags=[Tag.objects.get(name="Old").pk]
    )
    assert "removed_tags" in answer.context["form"].errors


def test_too_many_tags_of_one_organization_change_none(
    operator_client: Client, two: list[Organization]
) -> None:
    set_tags(organization_id=two[1].pk, names=[f"T{number}" for number in range(MOST_TAGS)])

    answer = apply(operator_client, two, added_tags="New")

    assert [each.organization.title for each in answer.context["refused"]] == ["Zeta"]
    assert "An organization can have up to 20 tags." in answer.text
    assert not Tag.objects.filter(name="New").exists()


@pytest.mark.parametrize("query", ["", "organization=x", "organization=99999999999999999999"])
def test_nothing_selected_leads_back_to_the_list(operator_client: Client, query: str) -> None:
    answer = operator_client.get(f"{ADDRESS}?{query}&next=/organizations/?q=a", follow=True)

    assert answer.redirect_chain == [("/organizations/?q=a", 302)]
    assert f"Select between 1 and {MOST_AT_ONCE} organizations." in answer.text


def test_all_that_the_filter_finds_can_be_selected(
    operator_client: Client, two: list[Organization]
) -> None:
    answer = operator_client.get(f"{ADDRESS}?all=1&q=zet")
    assert answer.context["ids"] == str(two[1].pk)


def test_only_operators_select_in_the_list(
    operator_client: Client, support_client: Client, two: list[Organization]
) -> None:
    assert "Change selected" in operator_client.get("/organizations/").text
    assert "Select Acme" in operator_client.get("/organizations/").text
    assert "Select Acme" not in support_client.get("/organizations/").text
    assert "Change selected" not in support_client.get("/organizations/").text


def test_more_organizations_do_not_need_more_queries_for_the_differences(
    operator_client: Client, two: list[Organization]
) -> None:
    tax = a_tax(percent=7).pk

    def queries(organizations: list[Organization]) -> int:
        with CaptureQueriesContext(connection) as captured:
            post(operator_client, organizations, trial="none", tax=tax, time_zone="Asia/Tokyo")
        return len(captured)

    queries(two)
    few = queries(two)
    for _each in range(8):
        organization = OrganizationFactory.create(
            trial_first_on=date(2026, 10, 1), trial_last_on=date(2026, 10, 2)
        )
        BillingDetailsFactory.create(organization=organization)
    assert queries(list(Organization.objects.all())) == few
