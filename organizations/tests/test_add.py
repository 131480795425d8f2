"""Adding an organization."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.tests.factories import OwnerFactory
from organizations import operations
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from tariffs.tests.factories import TariffFactory, TariffPriceFactory

pytestmark = pytest.mark.django_db

ADDRESS = "/organizations/add/"


def entries(**fields: Any) -> dict[str, Any]:
    """Return the form values of a valid organization, overridden by `fields`."""
    return {"title": "Acme", "owner": "ann@example.com", "time_zone": "UTC", **fields}


@pytest.fixture(autouse=True)
def _ann(db: None) -> None:
    OwnerFactory.create(email="ann@example.com")


def errors(client: Client, **fields: Any) -> dict[str, list[str]]:
    answer = client.post(ADDRESS, entries(**fields))
    assert answer.status_code == 200
    assert not Organization.objects.filter(owner__email="ann@example.com").exists()
    found: dict[str, list[str]] = answer.context["form"].errors
    return found


def test_creates_the_organization(operator_client: Client) -> None:
    tariff = TariffFactory.create()

    answer = operator_client.post(
        ADDRESS,
        entries(
            title="  Acme ",
            owner="Ann@Example.com",
            tariffs=[tariff.pk],
            trial_first_on="2026-10-01",
            trial_last_on="2026-10-31",
            time_zone="Europe/Berlin",
            contract_number="K-17",
            contract_signed_on="2026-09-30",
            watcher_id="w1",
        ),
        follow=True,
    )

    organization = Organization.objects.get()
    assert organization.title == "Acme"
    assert organization.owner.email == "ann@example.com"
    assert list(organization.tariffs.all()) == [tariff]
    assert organization.trial_first_on == date(2026, 10, 1)
    assert organization.trial_last_on == date(2026, 10, 31)
    assert organization.time_zone == "Europe/Berlin"
    assert organization.contract_number == "K-17"
    assert organization.contract_signed_on == date(2026, 9, 30)
    assert organization.watcher_id == "w1"
    billing = f"/organizations/{organization.pk}/billing/?next=%2Forganizations%2F"
    assert answer.redirect_chain == [(billing, 302)]
    assert "Acme was added." in answer.text
    assert answer.context["way_back"] == "/organizations/"


def test_few_fields_are_required(operator_client: Client) -> None:
    operator_client.post(ADDRESS, entries())
    operator_client.post(ADDRESS, entries(title="Second without a Watcher ID"))

    assert Organization.objects.filter(watcher_id=None, trial_first_on=None).count() == 2


def test_offers_tariffs_with_prices_and_ticks_the_defaults(operator_client: Client) -> None:
    default = TariffFactory.create(name="Basic", is_default=True)
    other = TariffFactory.create(name="Pro")
    TariffFactory.create(name="Old", is_default=True, is_archived=True)
    TariffPriceFactory.create(tariff=default, amount=9, valid_from=date(2026, 1, 1))
    TariffPriceFactory.create(tariff=default, amount=12, valid_from=date(2026, 10, 16))

    page = operator_client.get(ADDRESS).text.replace("\N{NO-BREAK SPACE}", " ")

    assert f'value="{default.pk}" id="id_tariffs_0" checked' in page
    assert f'value="{other.pk}" id="id_tariffs_1">' in page
    assert "EUR 9.00" in page
    assert "EUR 12.00" not in page
    assert "no price yet" in page
    assert "Old" not in page


def test_the_time_zone_is_initially_that_of_the_provider(operator_client: Client) -> None:
    assert '<option value="UTC" selected>' in operator_client.get(ADDRESS).text


def test_the_page_does_not_list_owners(operator_client: Client) -> None:
    assert "ann@example.com" not in operator_client.get(ADDRESS).text


@pytest.mark.parametrize("field", ["title", "owner", "time_zone"])
def test_some_fields_are_required(operator_client: Client, field: str) -> None:
    assert errors(operator_client, **{field: ""}) == {field: ["This field is required."]}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("ann", "Enter a valid email address."),
        (
            "bob@example.com",
            ("No owner has this address. To add a new owner, click “Add” next to the field."),
        ),
        ("gone@example.com", "This owner can no longer sign in. Enter another owner’s address."),
    ],
)
def test_the_owner_must_be_an_active_owner(operator_client: Client, typed: str, said: str) -> None:
    OwnerFactory.create(email="gone@example.com", is_active=False)

    assert errors(operator_client, owner=typed) == {"owner": [said]}


@pytest.mark.parametrize("role", ["operator", "support"])
def test_staff_cannot_own_an_organization(
    role: str, operator_client: Client, request: pytest.FixtureRequest
) -> None:
    staff = request.getfixturevalue(role)

    assert errors(operator_client, owner=staff.email) == {
        "owner": [
            (
                "This address belongs to an operator or support user, not an "
                "owner. Enter an owner’s address."
            )
        ]
    }


def test_the_title_is_unique_regardless_of_case(operator_client: Client) -> None:
    OrganizationFactory.create(title="Склад ACME")

    assert errors(operator_client, title="склад acme") == {
        "title": ["An organization with this title already exists."]
    }


def test_the_watcher_id_is_unique(operator_client: Client) -> None:
    OrganizationFactory.create(watcher_id="w1")

    assert list(errors(operator_client, watcher_id="w1")) == ["watcher_id"]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("title", "Acme", "An organization with this title already exists."),
        (
            "watcher_id",
            "w1",
            ("Another organization already uses this Watcher ID. Enter a different one."),
        ),
    ],
)
def test_the_second_of_two_simultaneous_additions_is_refused(
    operator_client: Client, monkeypatch: pytest.MonkeyPatch, field: str, value: str, said: str
) -> None:
    create = operations.create_organization

    def create_after_another(**fields: Any) -> Organization:
        OrganizationFactory.create(**{field: value})
        return create(**fields)

    monkeypatch.setattr(operations, "create_organization", create_after_another)

    assert errors(operator_client, **{field: value}) == {field: [said]}


@pytest.mark.parametrize(
    ("first", "last", "field", "said"),
    [
        ("2026-10-01", "", "trial_last_on", "Enter the last day too, or leave both fields empty."),
        (
            "",
            "2026-10-01",
            "trial_first_on",
            "Enter the first day too, or leave both fields empty.",
        ),
        (
            "2026-10-02",
            "2026-10-01",
            "trial_last_on",
            "The last day of the trial is before the first. Swap the dates.",
        ),
        ("2026-10-01", "soon", "trial_last_on", "Enter a date, for example 2026-11-29."),
        (
            "2026-10-01",
            "9999-12-31",
            "trial_last_on",
            "Enter a date between the years 1970 and 2199.",
        ),
    ],
)
def test_a_trial_needs_both_dates_in_order(
    operator_client: Client, first: str, last: str, field: str, said: str
) -> None:
    assert errors(operator_client, trial_first_on=first, trial_last_on=last) == {field: [said]}


@pytest.mark.parametrize("field", ["title", "contract_number", "watcher_id"])
def test_text_with_line_breaks_is_refused_in_single_line_fields(
    operator_client: Client, field: str
) -> None:
    said = "Enter a single line without control characters."
    assert errors(operator_client, **{field: "Acme\nLimited"}) == {field: [said]}


def test_a_trial_may_last_one_day(operator_client: Client) -> None:
    operator_client.post(ADDRESS, entries(trial_first_on="2026-10-01", trial_last_on="2026-10-01"))

    assert Organization.objects.get().trial_last_on == date(2026, 10, 1)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "US/Eastern", "../etc/passwd"])
def test_the_time_zone_must_be_one_of_those_offered(operator_client: Client, zone: str) -> None:
    assert list(errors(operator_client, time_zone=zone)) == ["time_zone"]


def test_archived_and_unknown_tariffs_are_refused(operator_client: Client) -> None:
    archived = TariffFactory.create(is_archived=True)

    assert list(errors(operator_client, tariffs=[archived.pk])) == ["tariffs"]
    assert list(errors(operator_client, tariffs=[archived.pk + 1])) == ["tariffs"]


def test_typed_values_are_shown_again_after_an_error(operator_client: Client) -> None:
    default = TariffFactory.create(is_default=True)
    chosen = TariffFactory.create()

    page = operator_client.post(
        ADDRESS,
        entries(
            title="Kept title",
            owner="wrong@example.com",
            tariffs=[chosen.pk],
            trial_first_on="2026-10-02",
            trial_last_on="2026-10-01",
            time_zone="Asia/Tokyo",
            contract_number="K-17",
            contract_signed_on="2026-09-30",
            watcher_id="w1",
        ),
    ).text

    for value in ("Kept title", "wrong@example.com", "2026-10-02", "2026-10-01", "K-17"):
        assert f'value="{value}"' in page
    assert 'value="2026-09-30"' in page
    assert 'value="w1"' in page
    assert '<option value="Asia/Tokyo" selected>' in page
    assert f'value="{default.pk}" id="id_tariffs_0">' in page
    assert f'value="{chosen.pk}" id="id_tariffs_1" checked>' in page
    assert "Nothing was saved. Fix the errors in 2 fields." in page


def test_the_number_of_queries_does_not_grow_with_tariffs(operator_client: Client) -> None:
    TariffPriceFactory.create()
    with CaptureQueriesContext(connection) as one:
        operator_client.get(ADDRESS)
    TariffPriceFactory.create_batch(40)
    with CaptureQueriesContext(connection) as many:
        operator_client.get(ADDRESS)

    assert len(one) == len(many)


@pytest.mark.parametrize("role", ["support_client", "owner_client"])
def test_only_operators_may_add(role: str, request: pytest.FixtureRequest) -> None:
    client = request.getfixturevalue(role)

    assert client.get(ADDRESS).status_code == 403
    assert client.post(ADDRESS, entries()).status_code == 403
    assert not Organization.objects.exists()


def test_requires_sign_in(client: Client) -> None:
    assert client.post(ADDRESS, entries()).headers["Location"].startswith("/accounts/login/")
    assert not Organization.objects.exists()


def test_refuses_the_delete_method(operator_client: Client) -> None:
    assert operator_client.delete(ADDRESS).status_code == 405
