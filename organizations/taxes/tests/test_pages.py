"""Pages of taxes and their rates."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils.formats import date_format
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from foundation.web.versions import version_of
from organizations.models import Tax, TaxCategory, TaxPercent
from organizations.taxes import operations
from organizations.tests.factories import BillingDetailsFactory, a_tax

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 10, 20, 12, tzinfo=UTC)
NEW = {
    "name": "German VAT",
    "category": "S",
    "percent": "19",
    "valid_from": "2026-01-01",
    "exemption_text": "",
    "exemption_code": "",
}


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def entries(tax: Tax, **changed: Any) -> dict[str, Any]:
    """Return the values that the browser sends from a freshly opened page of a tax."""
    stored = operations.stored_values(Tax.objects.get(pk=tax.pk))
    shown = {name: value for name, value in stored.items() if value is not False}
    return {**shown, "version": version_of(stored), **changed}


def rates(tax: Tax) -> list[tuple[date, Decimal]]:
    return list(tax.percents.order_by("valid_from").values_list("valid_from", "percent"))


# --- List ----------------------------------------------------------------------------------------


def test_the_list_shows_rates_and_use(
    support_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tax = a_tax()
    for number in range(3):
        a_tax(percent=number + 1)
    tax.percents.create(percent=16, valid_from=date(2026, 11, 1))
    first = BillingDetailsFactory.create(tax=tax)
    BillingDetailsFactory.create(
        tax=tax, organization=first.organization, valid_from=date(2026, 1, 1)
    )
    support_client.get("/taxes/")

    # The session, the user, the name in the header, taxes and their rates.
    with django_assert_num_queries(5):
        answer = support_client.get("/taxes/")

    (listed,) = (each for each in answer.context["taxes"] if each.tax == tax)
    assert (listed.now.percent, listed.later.percent) == (19, 16)
    assert listed.tax.organization_count == 1
    assert "Add tax" not in answer.text


def test_an_empty_list_says_what_to_do(operator_client: Client) -> None:
    page = operator_client.get("/taxes/").text

    assert "No taxes yet" in page
    assert 'href="/taxes/add/"' in page


# --- Add and edit --------------------------------------------------------------------------------


def test_adds_a_tax_with_its_first_rate(operator_client: Client) -> None:
    answer = operator_client.post("/taxes/add/", NEW, follow=True)

    tax = Tax.objects.get()
    assert (tax.name, tax.category, tax.is_default) == ("German VAT", "S", False)
    assert rates(tax) == [(date(2026, 1, 1), Decimal(19))]
    assert "Tax “German VAT” has been added." in answer.text


def test_adds_an_exemption_with_its_reason(operator_client: Client) -> None:
    operator_client.post(
        "/taxes/add/",
        NEW
        | {
            "category": "E",
            "percent": "much",
            "exemption_text": "Art. 132",
            "exemption_code": "vatex-eu-132",
        },
    )

    tax = Tax.objects.get()
    assert (tax.exemption_text, tax.exemption_code) == ("Art. 132", "VATEX-EU-132")
    assert rates(tax) == []


@pytest.mark.parametrize("category", sorted(set(TaxCategory.values) - {"E"}))
def test_other_taxes_have_no_reason(operator_client: Client, category: str) -> None:
    operator_client.post(
        "/taxes/add/", NEW | {"category": category, "exemption_text": "a", "exemption_code": "b"}
    )

    tax = Tax.objects.get()
    assert (tax.category, tax.exemption_text, tax.exemption_code) == (category, "", "")
    assert len(rates(tax)) == (category == "S")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "vat 19 %"}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"category": "X"}, "category"),
        ({"percent": ""}, "percent"),
        ({"percent": "0"}, "percent"),
        ({"percent": "-1"}, "percent"),
        ({"percent": "100.01"}, "percent"),
        ({"percent": "0.001"}, "percent"),
        ({"percent": "NaN"}, "percent"),
        ({"percent": "much"}, "percent"),
        ({"valid_from": ""}, "valid_from"),
        ({"valid_from": "1969-12-31"}, "valid_from"),
        ({"category": "E", "exemption_code": "VATEX-EU-999"}, "exemption_code"),
        ({"category": "E", "exemption_code": "VATEX-EU-AE"}, "exemption_code"),
    ],
)
def test_invalid_values_are_refused_on_their_field(
    operator_client: Client, changed: dict[str, str], field: str
) -> None:
    a_tax()

    answer = operator_client.post("/taxes/add/", NEW | changed)

    assert list(answer.context["form"].errors) == [field]
    assert Tax.objects.count() == 1


def test_a_rate_uses_the_number_format_of_the_language(
    operator_client: Client, operator: User
) -> None:
    User.objects.filter(pk=operator.pk).update(language="ru")

    operator_client.post("/taxes/add/", NEW | {"percent": "7,7"})

    assert rates(Tax.objects.get()) == [(date(2026, 1, 1), Decimal("7.70"))]


def test_changes_a_tax_but_not_its_category(operator_client: Client) -> None:
    tax = a_tax("E")

    answer = operator_client.post(
        f"/taxes/{tax.pk}/edit/",
        entries(tax, name="Charity", exemption_text="Art. 132", category="Z"),
    )

    tax.refresh_from_db()
    assert answer.status_code == 302
    assert (tax.name, tax.category, tax.exemption_text) == ("Charity", "E", "Art. 132")


def test_only_one_tax_is_the_default(operator_client: Client) -> None:
    first, second = a_tax(is_default=True), a_tax("AE")

    operator_client.post(f"/taxes/{second.pk}/edit/", entries(second, is_default="on"))
    operator_client.post("/taxes/add/", NEW | {"is_default": "on"})

    assert [each.name for each in Tax.objects.filter(is_default=True)] == ["German VAT"]
    assert not Tax.objects.get(pk=first.pk).is_default


def test_changes_made_by_another_since_are_shown(operator_client: Client) -> None:
    tax = a_tax()
    opened = entries(tax, name="Mine")
    Tax.objects.update(name="Theirs")

    answer = operator_client.post(f"/taxes/{tax.pk}/edit/", opened)

    (difference,) = answer.context["conflict"].differences
    assert (difference.typed, difference.stored) == ("Mine", "Theirs")
    assert Tax.objects.get().name == "Theirs"


def test_history_names_the_rates(support_client: Client) -> None:
    tax = a_tax()

    page = support_client.get(f"/taxes/{tax.pk}/history/").text

    assert "Tax rate:" in page
    assert date_format(date(2020, 1, 1)) in page


# --- Rates ---------------------------------------------------------------------------------------


def test_a_new_rate_from_a_later_date_is_set_at_once(operator_client: Client) -> None:
    tax = a_tax()

    answer = operator_client.post(
        f"/taxes/{tax.pk}/percents/add/",
        {"percent": "16.5", "valid_from": "2026-11-01"},
        follow=True,
    )

    assert rates(tax)[-1] == (date(2026, 11, 1), Decimal("16.50"))
    since = date_format(date(2026, 11, 1))
    assert f"The rate has been set to 16.50 % from {since}." in answer.text


@pytest.mark.parametrize(
    ("day", "question"),
    [("2026-10-01", "Change the rate retroactively?"), ("2026-11-01", "Replace this rate?")],
)
def test_a_past_or_replaced_rate_needs_confirmation(
    operator_client: Client, day: str, question: str
) -> None:
    tax = a_tax()
    tax.percents.create(percent=16, valid_from=date(2026, 11, 1))
    sent = {"percent": "17", "valid_from": day}

    asked = operator_client.post(f"/taxes/{tax.pk}/percents/add/", sent)

    assert question in asked.text
    assert 17 not in [rate for _day, rate in rates(tax)]
    operator_client.post(
        f"/taxes/{tax.pk}/percents/add/", sent | {"confirmed": asked.context["change"].shown}
    )
    assert (date.fromisoformat(day), Decimal(17)) in rates(tax)


@pytest.mark.parametrize(
    ("changed", "field"), [({"percent": "0"}, "percent"), ({"valid_from": ""}, "valid_from")]
)
def test_an_invalid_rate_is_refused_on_its_field(
    operator_client: Client, changed: dict[str, str], field: str
) -> None:
    tax = a_tax()
    sent = {"percent": "17", "valid_from": "2026-11-01"} | changed

    answer = operator_client.post(f"/taxes/{tax.pk}/percents/add/", sent)

    assert list(answer.context["rate_form"].errors) == [field]
    assert len(rates(tax)) == 1


def test_an_upcoming_rate_can_be_withdrawn_and_one_in_force_cannot(operator_client: Client) -> None:
    tax = a_tax()
    now, later = tax.percents.get(), tax.percents.create(percent=16, valid_from=date(2026, 11, 1))

    def withdraw(rate: TaxPercent, percent: str) -> str:
        address = f"/taxes/{tax.pk}/percents/{rate.pk}/withdraw/"
        return operator_client.post(address, {"percent": percent}, follow=True).text

    assert str(operations.RateInForce.reason) in withdraw(now, "19.00")
    assert str(operations.RateGone.reason) in withdraw(later, "15.00")
    assert "The rate has been withdrawn." in withdraw(later, "16.00")
    assert list(tax.percents.all()) == [now]


def test_only_a_tax_of_the_standard_category_has_rates(operator_client: Client) -> None:
    tax = a_tax("AE")
    sent = {"percent": "17", "valid_from": "2026-11-01"}

    answer = operator_client.post(f"/taxes/{tax.pk}/percents/add/", sent, follow=True)

    assert str(operations.WithoutRates.reason) in answer.text
    with pytest.raises(DatabaseError, match="only a tax of the standard"), transaction.atomic():
        TaxPercent.objects.create(tax=tax, percent=17, valid_from=date(2026, 11, 1))
    assert rates(tax) == []


# --- Delete, and integrity -----------------------------------------------------------------------


def test_an_unused_tax_can_be_deleted_and_a_used_one_cannot(operator_client: Client) -> None:
    used, unused = BillingDetailsFactory.create(tax=a_tax()).tax, a_tax("AE")
    assert used

    kept = operator_client.post(f"/taxes/{used.pk}/delete/", follow=True)
    operator_client.post(f"/taxes/{unused.pk}/delete/")

    assert str(operations.TaxInUse.reason) in kept.text
    assert list(Tax.objects.all()) == [used]
    assert "cannot be deleted" in operator_client.get(f"/taxes/{used.pk}/delete/").text


def test_a_tax_deleted_meanwhile_leads_to_the_list(operator_client: Client) -> None:
    tax = a_tax()
    opened = entries(tax)

    with pytest.raises(operations.TaxGone):
        operations.change_tax(tax_id=0, shown="", **operations.stored_values(tax))
    tax.delete()

    assert operator_client.post(f"/taxes/{tax.pk}/edit/", opened).status_code == 404


def test_the_database_guards_taxes() -> None:
    tax = a_tax(is_default=True)

    def refused(match: str) -> Any:
        return pytest.raises((IntegrityError, DatabaseError), match=match)

    with refused("organizations_tax_one_default"), transaction.atomic():
        a_tax("AE", is_default=True)
    with refused("organizations_tax_reason_of_exempt"), transaction.atomic():
        a_tax("AE", exemption_text="Because")
    with refused("organizations_tax_name_unique"), transaction.atomic():
        Tax.objects.create(name="vat 19 %", category="Z")
    with refused("Cannot update rows"), transaction.atomic():
        Tax.objects.update(category="Z")
    with refused("organizations_percent_one_a_date"), transaction.atomic():
        tax.percents.create(percent=16, valid_from=date(2020, 1, 1))
    with refused("organizations_percent_in_bounds"), transaction.atomic():
        tax.percents.create(percent=0, valid_from=date(2020, 1, 2))
