"""The pages on which terms are shown, added, changed, ended and withdrawn."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from foundation.web.versions import version_of
from invoices.tests.factories import BilledUseFactory, issued_invoice
from organizations.agreement.kinds import KINDS, Kind
from organizations.agreement.operations import FIELDS, change_term, stored_values
from organizations.agreement.shown import MOST_OF_A_KIND
from organizations.models import Fee, OneOffCharge, Organization, Suspension
from organizations.tests.factories import (
    DiscountExemptionFactory,
    DiscountFactory,
    FeeFactory,
    IndividualPriceFactory,
    MinimumFactory,
    OneOffChargeFactory,
    OrganizationFactory,
    SuspensionFactory,
)
from tariffs.models import Tariff
from tariffs.tests.factories import TariffPriceFactory

pytestmark = pytest.mark.django_db

FIRST, LAST, LATER = "2026-09-01", "2026-09-30", date(2199, 1, 1)
DATES = {"first_on": FIRST, "last_on": LAST}
FACTORIES: Mapping[str, Any] = {
    "suspensions": SuspensionFactory,
    "prices": IndividualPriceFactory,
    "discounts": DiscountFactory,
    "exemptions": DiscountExemptionFactory,
    "fees": FeeFactory,
    "one-off-charges": OneOffChargeFactory,
    "minimums": MinimumFactory,
}
GIVEN: Mapping[str, dict[str, Any]] = {
    "suspensions": {**DATES, "reason": "Not paid", "is_charged": "on"},
    "prices": {"valid_from": FIRST, "amount": "8.1234"},
    "discounts": {**DATES, "percent": "12.5"},
    "exemptions": DATES,
    "fees": {**DATES, "name": "Router", "amount": "5.00", "currency": "EUR", "in_trial": "on"},
    "one-off-charges": {
        **{"text": "Cable", "quantity": "-1.25", "amount": "3.005", "currency": "EUR"},
        **{"day": FIRST, "reason": "Broken"},
    },
    "minimums": {**DATES, "amount": "30", "currency": "EUR"},
}
EVERY = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug)
FEES = next(kind for kind in KINDS if kind.model is Fee)


@pytest.fixture
def tariff() -> Tariff:
    return TariffPriceFactory.create(tariff__name="Basic").tariff


@pytest.fixture
def organization(tariff: Tariff) -> Organization:
    return OrganizationFactory.create(title="Harbour", tariffs=[tariff])


def given(kind: Kind, of: Tariff, **changed: Any) -> dict[str, Any]:
    own = {"tariff": of.pk} if kind.has_tariff else {}
    return {**own, **GIVEN[kind.slug], **changed}


def adding(kind: Kind, organization: Organization) -> str:
    return reverse("organizations:add_term", args=[organization.pk, kind.slug])


def page(name: str, kind: Kind, term: Any) -> str:
    return reverse(f"organizations:{name}_term", args=[term.organization_id, kind.slug, term.pk])


def listed(organization: Organization) -> str:
    return reverse("organizations:agreement", args=[organization.pk])


def changing(kind: Kind, term: Model, **changed: Any) -> dict[str, Any]:
    """Return what the form of a term sends if nothing but some values is changed."""
    term.refresh_from_db()
    stored = stored_values(term)
    values = {name: value for name, value in stored.items() if value not in (None, False)}
    if "tariff" in values:
        values["tariff"] = values["tariff"].pk
    return {**values, "version": version_of(stored), **changed}


@EVERY
def test_a_term_is_added_and_shown(
    operator_client: Client, organization: Organization, tariff: Tariff, kind: Kind
) -> None:
    values = given(kind, tariff)

    answer = operator_client.post(adding(kind, organization), values, follow=True)

    term = kind.model.objects.get(organization=organization)
    stored = stored_values(term)
    for name, text in values.items():
        value = stored[name]
        match value:
            case Tariff():
                assert value == tariff
            case Decimal():
                assert value == Decimal(text)
            case bool():
                assert value
            case _:
                assert str(value) == text
    assert answer.redirect_chain == [(listed(organization), 302)]
    assert "The agreement was saved." in answer.text
    assert kind.title in answer.text


def test_shows_what_was_agreed(
    operator_client: Client, organization: Organization, tariff: Tariff
) -> None:
    own = {"organization": organization}
    SuspensionFactory.create(**own, last_on=date(2026, 9, 30))
    for day, amount in ((date(2026, 9, 1), 8), (date(2026, 10, 1), None)):
        IndividualPriceFactory.create(**own, tariff=tariff, valid_from=day, amount=amount)
    DiscountFactory.create(**own)
    FeeFactory.create(**own, name="Router", first_on=LATER)
    OneOffChargeFactory.create(
        **own, text="Cable", quantity=Decimal("-1.5"), amount=Decimal("10.005")
    )
    MinimumFactory.create(**own)

    text = operator_client.get(listed(organization)).text

    for each in (
        *("Not paid", "not charged", "1 Sep 2026 to 30 Sep 2026", "past"),
        *("Basic", "EUR 8.00", "list price", "from 1 Oct 2026"),
        *("All tariff plans", "10 %", "from 1 Sep 2026", "current"),
        *("Router", "EUR 5.00", "from 1 Jan 2199", "upcoming", "Withdraw"),
        *("Cable", "-EUR 15.01", "Agreed by telephone", "EUR 30.00"),
    ):
        assert each in text.replace("\N{NO-BREAK SPACE}", " "), each


def test_many_past_terms_are_shown_on_pages_of_their_own(
    operator_client: Client, organization: Organization
) -> None:
    FeeFactory.create(organization=organization, name="Lasting", first_on=date(2020, 1, 1))
    for number in range(60):
        day = date(2026, 1, 1) + timedelta(days=number)
        FeeFactory.create(
            organization=organization, name=f"Past {number}", first_on=day, last_on=day
        )

    shown = operator_client.get(listed(organization))

    (of_kind,) = shown.context["kinds"]
    # What applies comes first, whatever is later.
    assert [each.about.what for each in of_kind.terms[:2]] == ["Lasting", "Past 59"]
    assert len(of_kind.terms) == MOST_OF_A_KIND
    assert 'href="?kind=fees"' in shown.text
    pages = [
        operator_client.get(listed(organization), {"kind": "fees", "page": str(number)})
        for number in (1, 2)
    ]
    names = [each.about.what for page in pages for each in page.context["terms"]]
    assert names == ["Lasting", *(f"Past {number}" for number in reversed(range(60)))]
    assert 'href="?kind=fees&amp;page=2"' in pages[0].text
    assert operator_client.get(listed(organization), {"kind": "x"}).status_code == 404


def test_a_price_on_the_next_page_tells_what_ends_it(
    operator_client: Client, organization: Organization, tariff: Tariff
) -> None:
    operator_client.cookies["rows"] = "25"
    for number in range(26):
        day = date(2000 + number, 1, 1)
        IndividualPriceFactory.create(organization=organization, tariff=tariff, valid_from=day)

    page = operator_client.get(listed(organization), {"kind": "prices", "page": "2"})

    (price,) = page.context["terms"]
    assert (price.dates, price.state) == ("1 Jan 2000 to 31 Dec 2000", "past")


def test_all_of_a_kind_take_the_same_queries(
    operator_client: Client, organization: Organization, tariff: Tariff
) -> None:
    def queries(kind: Kind) -> int:
        with CaptureQueriesContext(connection) as captured:
            operator_client.get(listed(organization), {"kind": kind.slug})
        return len(captured)

    for kind in KINDS:
        own = {"tariff": tariff} if kind.has_tariff else {}
        before = queries(kind)
        for year in (2001, 2002, 2003):
            dates = {"first_on": date(year, 1, 1), "last_on": date(year, 12, 31)}
            if kind.slug == "prices":
                dates = {"valid_from": date(year, 1, 1)}
            if kind.slug == "one-off-charges":
                dates = {"day": date(year, 1, 1)}
            FACTORIES[kind.slug].create(organization=organization, **own, **dates)
        # The rows are read only if there are some.
        # Of one-off charges, what invoices state and carry over is read too.
        more = 3 if kind.slug == "one-off-charges" else 1
        assert queries(kind) <= before + more, kind.slug


def test_an_address_fills_in_the_form_and_what_is_not_valid_is_left_out(
    operator_client: Client, organization: Organization
) -> None:
    address = reverse("organizations:add_term", args=[organization.pk, "suspensions"])
    query = {"first_on": "2026-09-10", "reason": "Not paid", "last_on": "tomorrow"}

    form = operator_client.get(address, query).context["form"]

    assert not form.is_bound
    assert form.initial["first_on"] == date(2026, 9, 10)
    assert (form.initial["reason"], form.initial["last_on"]) == ("Not paid", None)
    assert not Suspension.objects.exists()


def test_says_that_nothing_was_agreed(operator_client: Client, organization: Organization) -> None:
    text = operator_client.get(listed(organization)).text

    assert "Nothing special was agreed" in text
    assert adding(FEES, organization) in text


def test_queries_do_not_grow_with_the_terms(
    operator_client: Client,
    organization: Organization,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(1, 4):
        for kind in KINDS:
            values = {"day": date(2026, 9, number)} if kind.model is OneOffCharge else {}
            if kind.has_end:
                values = {"first_on": date(2026, number, 1), "last_on": date(2026, number, 9)}
            FACTORIES[kind.slug].create(organization=organization, **values)

    with django_assert_max_num_queries(23):
        operator_client.get(listed(organization))


def test_owners_read_their_terms_and_readers_do_not(client: Client) -> None:
    charge = OneOffChargeFactory.create(text="Cable", reason="A favour")
    organization = charge.organization
    client.force_login(organization.owner)

    text = client.get(listed(organization)).text

    assert "Cable" in text
    for each in ("A favour", adding(FEES, organization), "/edit/"):
        assert each not in text


def test_support_reads_terms_and_reasons(support_client: Client) -> None:
    charge = OneOffChargeFactory.create(reason="A favour")

    text = support_client.get(listed(charge.organization)).text

    assert "A favour" in text
    assert "/add/" not in text


WRONG: list[tuple[str, dict[str, Any], str, str]] = [
    ("fees", {"last_on": "2026-08-31"}, "last_on", "before the first"),
    ("fees", {"amount": "5.005"}, "amount", "EUR have at most 2 decimal places"),
    ("fees", {"amount": "-5"}, "amount", "0 or more"),
    ("fees", {"amount": ""}, "amount", "0 or more"),
    ("fees", {"name": ""}, "name", "required"),
    ("fees", {"currency": ""}, "currency", "required"),
    ("fees", {"first_on": "soon"}, "first_on", "Enter a date"),
    ("minimums", {"amount": "1.5", "currency": "JPY"}, "amount", "JPY have at most 0"),
    ("minimums", {"currency": "CHF"}, "currency", "is charged in CHF"),
    ("minimums", {"last_on": "2026-08-31"}, "last_on", "before the first"),
    ("discounts", {"percent": "100.01"}, "percent", "from 0 to 100"),
    ("discounts", {"percent": "-1"}, "percent", "from 0 to 100"),
    ("discounts", {"percent": "12.345"}, "percent", "from 0 to 100"),
    ("discounts", {"tariff": "999999"}, "tariff", "Select a valid choice"),
    ("exemptions", {"tariff": ""}, "tariff", "required"),
    ("prices", {"amount": "8.12345"}, "amount", "4 decimal places"),
    ("prices", {"amount": ""}, "amount", "list price applies on this date already"),
    ("one-off-charges", {"quantity": "0"}, "quantity", "other than 0"),
    ("one-off-charges", {"quantity": "1.00001"}, "quantity", "4 decimal places"),
    ("one-off-charges", {"quantity": "1e3"}, "quantity", "4 decimal places"),
    ("one-off-charges", {"quantity": "99999999", "amount": "2"}, "quantity", "must be below"),
    ("one-off-charges", {"reason": ""}, "reason", "why the credit is given"),
    ("one-off-charges", {"text": ""}, "text", "required"),
    ("one-off-charges", {"text": "two\nlines"}, "text", "single line"),
    ("suspensions", {"reason": ""}, "reason", "Enter a reason."),
    ("suspensions", {"last_on": "2026-08-31"}, "last_on", "before the first"),
]


@pytest.mark.parametrize(("slug", "changed", "field", "text"), WRONG)
def test_invalid_input_is_refused_on_its_field(
    operator_client: Client,
    organization: Organization,
    tariff: Tariff,
    slug: str,
    changed: dict[str, Any],
    field: str,
    text: str,
) -> None:
    kind = next(kind for kind in KINDS if kind.slug == slug)

    answer = operator_client.post(adding(kind, organization), given(kind, tariff, **changed))

    assert answer.status_code == 200
    errors = answer.context["form"].errors
    assert list(errors) == [field]
    assert text in " ".join(errors[field])
    assert not kind.model.objects.exists()


@pytest.mark.parametrize("percent", ["0", "100"])
def test_a_discount_can_be_none_or_all_of_a_price(
    operator_client: Client, organization: Organization, tariff: Tariff, percent: str
) -> None:
    kind = next(kind for kind in KINDS if kind.slug == "discounts")

    operator_client.post(adding(kind, organization), given(kind, tariff, percent=percent))

    assert f"{kind.model.objects.get().percent:f}" == f"{percent}.00"
    assert f"{percent} %" in operator_client.get(listed(organization)).text


@pytest.mark.parametrize("slug", ["suspensions", "discounts", "exemptions", "minimums"])
def test_terms_that_overlap_are_refused_and_the_other_is_named(
    operator_client: Client, organization: Organization, tariff: Tariff, slug: str
) -> None:
    kind = next(kind for kind in KINDS if kind.slug == slug)
    values = given(kind, tariff)
    operator_client.post(adding(kind, organization), values)

    answer = operator_client.post(
        adding(kind, organization), values | {"first_on": LAST, "last_on": ""}
    )

    (error,) = answer.context["form"].errors["first_on"]
    assert kind.name in error
    assert "1 Sep 2026 to 30 Sep 2026" in error
    assert kind.model.objects.count() == 1


def test_a_second_price_of_a_date_is_refused(
    operator_client: Client, organization: Organization, tariff: Tariff
) -> None:
    kind = next(kind for kind in KINDS if kind.slug == "prices")
    IndividualPriceFactory.create(organization=organization, tariff=tariff)

    answer = operator_client.post(adding(kind, organization), given(kind, tariff))

    assert "EUR\N{NO-BREAK SPACE}8.00" in answer.context["form"].errors["valid_from"][0]


@EVERY
def test_a_term_is_changed(operator_client: Client, kind: Kind) -> None:
    term = FACTORIES[kind.slug].create()
    changed = {
        "suspensions": {"reason": "By request"},
        "prices": {"amount": "7.5"},
        "discounts": {"percent": "20"},
        "exemptions": {"last_on": LAST},
        "fees": {"amount": "6"},
        "one-off-charges": {"quantity": "2"},
        "minimums": {"last_on": LAST},
    }[kind.slug]
    if kind.slug == "minimums":
        FeeFactory.create(organization=term.organization)
    page_shown = operator_client.get(page("edit", kind, term))

    answer = operator_client.post(page("edit", kind, term), changing(kind, term, **changed))

    assert page_shown.status_code == 200
    assert answer.status_code == 302, answer.context["form"].errors
    before, after = stored_values(term), stored_values(kind.model.objects.get())
    ((name, value),) = changed.items()
    assert str(after[name]).rstrip("0").rstrip(".") == value or str(after[name]).startswith(value)
    assert {each for each in FIELDS[kind.model] if before[each] != after[each]} == {name}


def test_a_form_shows_amounts_without_zeros_at_their_end(operator_client: Client) -> None:
    fee = FeeFactory.create()

    assert 'value="5.00"' in operator_client.get(page("edit", FEES, fee)).text


def test_two_operators_see_both_versions(operator_client: Client) -> None:
    fee = FeeFactory.create()
    values = changing(FEES, fee, amount="6.00")
    other = {"amount": Decimal(7)}
    change_term(
        model=Fee,
        organization_id=fee.organization_id,
        term_id=fee.pk,
        shown=values["version"],
        fields=other,
    )

    answer = operator_client.post(page("edit", FEES, fee), values)

    (difference,) = answer.context["conflict"].differences
    assert (difference.typed, difference.stored) == ("6.00", "7.00")
    assert Fee.objects.get().amount == 7
    values["version"] = answer.context["version"]
    operator_client.post(page("edit", FEES, fee), values)
    assert Fee.objects.get().amount == 6


TWO_VERSIONS: Mapping[str, tuple[str, str]] = {
    "first_on": ("2026-09-02", "2026-09-03"),
    "last_on": ("2026-10-01", "2026-10-02"),
    "valid_from": ("2026-09-02", "2026-09-03"),
    "day": ("2026-09-02", "2026-09-03"),
    "amount": ("6", "7"),
    "percent": ("6", "7"),
    "quantity": ("-6", "-7"),
    "name": ("Theirs", "Mine"),
    "text": ("Theirs", "Mine"),
    "reason": ("Theirs", "Mine"),
}


@EVERY
def test_two_operators_see_both_versions_of_each_field(
    operator_client: Client, organization: Organization, tariff: Tariff, kind: Kind
) -> None:
    operator_client.post(adding(kind, organization), given(kind, tariff))
    term = kind.model.objects.get()
    for name in {*FIELDS[kind.model]} & {*TWO_VERSIONS}:
        theirs, mine = TWO_VERSIONS[name]
        opened = changing(kind, term)
        operator_client.post(page("edit", kind, term), opened | {name: theirs})
        stored = getattr(kind.model.objects.get(), name)

        answer = operator_client.post(page("edit", kind, term), opened | {name: mine})

        assert len(answer.context["conflict"].differences) == 1, name
        assert getattr(kind.model.objects.get(), name) == stored, name
        again = {name: mine, "version": answer.context["version"]}
        operator_client.post(page("edit", kind, term), opened | again)
        assert getattr(kind.model.objects.get(), name) != stored, name


@EVERY
def test_two_operators_who_end_a_term_see_both_last_days(
    operator_client: Client, organization: Organization, tariff: Tariff, kind: Kind
) -> None:
    if not kind.has_end:
        return
    operator_client.post(adding(kind, organization), given(kind, tariff))
    term = kind.model.objects.get()
    version = operator_client.get(page("end", kind, term)).context["version"]
    sent = [{"last_on": f"2026-10-0{number}", "version": version} for number in (1, 2)]

    _first, second = (operator_client.post(page("end", kind, term), each) for each in sent)

    (difference,) = second.context["conflict"].differences
    assert (difference.typed, difference.stored) == ("2 Oct 2026", "1 Oct 2026")
    assert kind.model.objects.get().last_on == date(2026, 10, 1)


def test_a_term_is_ended(operator_client: Client) -> None:
    fee = FeeFactory.create()
    shown = operator_client.get(page("end", FEES, fee))

    answer = operator_client.post(
        page("end", FEES, fee), {"last_on": LAST, "version": shown.context["version"]}
    )

    assert list(shown.context["form"].fields) == ["last_on"]
    assert answer.status_code == 302
    assert Fee.objects.get().last_on == date(2026, 9, 30)


def test_a_term_cannot_end_before_it_begins(operator_client: Client) -> None:
    fee = FeeFactory.create()
    shown = operator_client.get(page("end", FEES, fee))

    answer = operator_client.post(
        page("end", FEES, fee), {"last_on": "2026-08-31", "version": shown.context["version"]}
    )

    assert "before the first" in answer.context["form"].errors["last_on"][0]


@EVERY
def test_what_does_not_apply_yet_is_withdrawn(operator_client: Client, kind: Kind) -> None:
    fields = {"prices": "valid_from", "one-off-charges": "day"}
    term = FACTORIES[kind.slug].create(**{fields.get(kind.slug, "first_on"): LATER})
    shown = operator_client.get(page("withdraw", kind, term))

    answer = operator_client.post(
        page("withdraw", kind, term), {"version": shown.context["version"]}, follow=True
    )

    assert "Withdraw this entry?" in shown.text
    assert "The entry was withdrawn." in answer.text
    assert not kind.model.objects.exists()


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind.model is not OneOffCharge], ids=lambda kind: kind.slug
)
def test_what_applies_is_not_withdrawn(operator_client: Client, kind: Kind) -> None:
    term = FACTORIES[kind.slug].create()

    answer = operator_client.post(page("withdraw", kind, term), changing(kind, term), follow=True)

    assert "can no longer be withdrawn" in answer.text
    assert kind.model.objects.exists()


def test_a_one_off_charge_that_is_not_invoiced_is_withdrawn(operator_client: Client) -> None:
    charge = OneOffChargeFactory.create()
    kind = next(kind for kind in KINDS if kind.model is OneOffCharge)

    operator_client.post(page("withdraw", kind, charge), changing(kind, charge))

    assert not OneOffCharge.objects.exists()


def test_an_entry_that_was_changed_meanwhile_is_shown_before_it_is_withdrawn(
    operator_client: Client,
) -> None:
    fee = FeeFactory.create(first_on=LATER, amount=5)
    seen = changing(FEES, fee)
    operator_client.post(page("edit", FEES, fee), seen | {"amount": "7"})

    answer = operator_client.post(page("withdraw", FEES, fee), seen, follow=True)

    assert "This entry has been changed since you opened the page" in answer.text
    assert "7.00" in answer.text
    operator_client.post(page("withdraw", FEES, fee), changing(FEES, fee))
    assert not Fee.objects.exists()


def test_a_change_of_invoiced_time_is_confirmed(operator_client: Client) -> None:
    organization = issued_invoice().organization
    values = {"percent": "50", "first_on": "2026-10-16", "last_on": ""}
    kind = next(kind for kind in KINDS if kind.slug == "discounts")

    asked = operator_client.post(adding(kind, organization), values)

    affected = asked.context["affected"]
    assert affected.number == 1
    # 4.35 for 15 days of 31, and 2.32 for 16 days at half the price.
    assert [(each.number, each.currency) for each in affected.changes] == [
        (Decimal("-2.33"), "EUR")
    ]
    assert not kind.model.objects.exists()
    operator_client.post(adding(kind, organization), {**values, "agreed": affected.agreed})
    assert kind.model.objects.exists()


def test_what_a_credit_has_paid_does_not_hide_the_difference(operator_client: Client) -> None:
    organization = BilledUseFactory.create().organization
    OneOffChargeFactory.create(organization=organization, day=date(2026, 10, 5), quantity=-1)
    assert issued_invoice(organization).net == 0
    kind = next(kind for kind in KINDS if kind.slug == "discounts")

    asked = operator_client.post(
        adding(kind, organization), {"percent": "50", "first_on": "2026-10-01", "last_on": ""}
    )

    affected = asked.context["affected"]
    assert [each.number for each in affected.changes] == [Decimal("-4.50")]


def test_ending_a_term_today_affects_no_earlier_invoice(operator_client: Client) -> None:
    organization = BilledUseFactory.create().organization
    fee = FeeFactory.create(organization=organization, first_on=date(2026, 11, 1))
    issued_invoice(organization)

    answer = operator_client.post(page("end", FEES, fee), changing(FEES, fee, last_on="2026-11-30"))

    assert answer.status_code == 302
    assert Fee.objects.get().last_on == date(2026, 11, 30)


def test_a_one_off_charge_of_an_invoiced_date_is_refused(operator_client: Client) -> None:
    organization = issued_invoice().organization
    kind = next(kind for kind in KINDS if kind.model is OneOffCharge)
    values = {**GIVEN[kind.slug], "day": "2026-10-31"}

    answer = operator_client.post(adding(kind, organization), values)

    assert "already been invoiced in EUR" in answer.context["form"].errors["day"][0]
    operator_client.post(adding(kind, organization), {**values, "currency": "USD"})
    operator_client.post(adding(kind, organization), {**values, "day": "2026-11-01"})
    assert {(each.day.month, each.currency) for each in OneOffCharge.objects.all()} == {
        (10, "USD"),
        (11, "EUR"),
    }


@pytest.mark.parametrize("name", ["edit", "withdraw"])
def test_an_invoiced_one_off_charge_stays(operator_client: Client, name: str) -> None:
    organization = BilledUseFactory.create().organization
    charge = OneOffChargeFactory.create(organization=organization, day=date(2026, 10, 1))
    issued_invoice(organization)
    kind = next(kind for kind in KINDS if kind.model is OneOffCharge)
    values = changing(kind, charge, text="Another")

    answer = operator_client.post(page(name, kind, charge), values, follow=True)

    assert "has been invoiced, so it can no longer be changed" in answer.text
    assert OneOffCharge.objects.get().text == charge.text


def test_what_is_invoiced_is_marked_and_offers_no_change(operator_client: Client) -> None:
    kind = next(kind for kind in KINDS if kind.model is OneOffCharge)
    organization = BilledUseFactory.create().organization
    values = {"organization": organization, "day": date(2026, 10, 5)}
    charge = OneOffChargeFactory.create(**values)
    others = [
        OneOffChargeFactory.create(**values, currency="USD", quantity=-1),
        OneOffChargeFactory.create(**{**values, "day": date(2026, 11, 1)}),
    ]
    issued_invoice(organization)

    shown = operator_client.get(listed(organization))

    (of_kind,) = shown.context["kinds"]
    states = {each.term.pk: each.state for each in of_kind.terms}
    assert states == {charge.pk: "invoiced", **{each.pk: "" for each in others}}
    for name in ("edit", "withdraw"):
        assert page(name, kind, charge) not in shown.text
        assert all(page(name, kind, each) in shown.text for each in others)


def test_what_an_invoice_left_of_a_credit_offers_no_change(operator_client: Client) -> None:
    kind = next(kind for kind in KINDS if kind.model is OneOffCharge)
    organization = BilledUseFactory.create().organization
    OneOffChargeFactory.create(organization=organization, day=date(2026, 10, 5), quantity=-1)
    issued_invoice(organization)
    rest = OneOffCharge.objects.get(day=date(2026, 11, 1))

    shown = operator_client.get(listed(organization))

    (of_kind,) = shown.context["kinds"]
    assert [each.state for each in of_kind.terms] == ["carried", "invoiced"]
    assert page("edit", kind, rest) not in shown.text


def test_an_open_suspension_is_restored(operator_client: Client) -> None:
    suspension = SuspensionFactory.create()
    kind = KINDS[0]
    organization = suspension.organization

    shown = operator_client.get(listed(organization)).text
    operator_client.post(page("end", kind, suspension), changing(kind, suspension, last_on=LAST))

    assert "Restore" in shown
    assert Suspension.objects.get().last_on == date(2026, 9, 30)
    assert "Restore" not in operator_client.get(listed(organization)).text


def test_the_history_has_the_terms(operator_client: Client, organization: Organization) -> None:
    fee = FeeFactory.create(organization=organization, name="Router")
    operator_client.post(page("edit", FEES, fee), changing(FEES, fee, amount="6"))

    text = operator_client.get(reverse("organizations:history", args=[organization.pk])).text

    assert "Router" in text
    assert "Amount per month" in text
    assert "6.00" in text
    assert "6.000" not in text


@pytest.mark.parametrize("name", ["edit", "end", "withdraw"])
def test_terms_of_others_are_not_found(
    operator_client: Client, organization: Organization, name: str
) -> None:
    fee = FeeFactory.create()
    address = reverse(f"organizations:{name}_term", args=[organization.pk, "fees", fee.pk])

    assert operator_client.get(address).status_code == 404
    assert (
        operator_client.get(adding(FEES, organization).replace("fees", "bribes")).status_code == 404
    )


@pytest.mark.parametrize("slug", ["prices", "discounts", "exemptions"])
def test_a_tariff_with_terms_is_kept(operator_client: Client, tariff: Tariff, slug: str) -> None:
    FACTORIES[slug].create(tariff=tariff)
    address = reverse("tariffs:delete", args=[tariff.pk])

    answer = operator_client.post(address, {"organization_count": 0}, follow=True)

    assert "Something was agreed with an organization about this tariff plan" in answer.text
    assert Tariff.objects.filter(pk=tariff.pk).exists()
