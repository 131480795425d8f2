"""The list of organizations."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.tests.factories import OwnerFactory
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from tariffs.tests.factories import TariffFactory
from usage.tests.factories import CameraFactory, UsageIntervalFactory

pytestmark = pytest.mark.django_db

ADDRESS = "/organizations/"


def titles(client: Client, **query: Any) -> list[str]:
    table = client.get(ADDRESS, query).context["table"]
    return [row.record.title for row in table.page.object_list]


def make(titles: Iterable[str], **fields: Any) -> None:
    for title in titles:
        OrganizationFactory.create(title=title, **fields)


def use_cameras(number: int, title: str) -> None:
    organization = OrganizationFactory.create(title=title)
    for _ in range(number):
        UsageIntervalFactory.create(camera=CameraFactory.create(organization=organization))


def test_shows_every_column_of_an_organization(operator_client: Client) -> None:
    interval = UsageIntervalFactory.create(
        camera__organization__title="Acme",
        camera__organization__owner=OwnerFactory.create(email="ann@example.com", name="Ann Lee"),
        camera__organization__contract_number="K-17",
        tariff__name="Basic",
    )

    page = operator_client.get(ADDRESS).text

    for text in ("Acme", "ann@example.com", "Ann Lee", "K-17", "Basic"):
        assert text in page
    assert f"/organizations/{interval.organization.pk}/edit/" in page
    assert f"/organizations/{interval.organization.pk}/usages/" in page
    assert "/resend-activation/" not in page


def test_counts_the_cameras_in_use(operator_client: Client) -> None:
    use_cameras(3, "Acme")
    ended = UsageIntervalFactory.create(camera__organization__title="Ended")
    ended.ended_at = ended.started_at.replace(month=2)
    ended.save()

    rows = operator_client.get(ADDRESS).context["table"].page.object_list

    counts = {row.record.title: row.record.cameras_in_use for row in rows}
    assert counts == {"Acme": 3, "Ended": 0}


@pytest.mark.parametrize("role", ["operator_client", "support_client"])
def test_the_activation_mail_can_be_resent_from_the_list(
    role: str, request: pytest.FixtureRequest
) -> None:
    newcomer = OwnerFactory.create(password=None)
    OrganizationFactory.create(owner=newcomer)

    page = request.getfixturevalue(role).get(ADDRESS, {"sort": "-title"}).text

    assert "not yet activated" in page
    assert f'action="/accounts/{newcomer.pk}/resend-activation/"' in page
    assert 'name="next" value="/organizations/?sort=-title"' in page


@pytest.mark.parametrize(
    ("first", "last", "badge"),
    [
        (None, None, "none"),
        (date(2026, 10, 16), date(2026, 10, 31), "from 16 Oct 2026"),
        (date(2026, 10, 15), date(2026, 10, 31), "until 31 Oct 2026"),
        (date(2026, 10, 1), date(2026, 10, 15), "until 15 Oct 2026"),
        (date(2026, 10, 1), date(2026, 10, 14), "ended 14 Oct 2026"),
    ],
)
def test_shows_the_state_of_the_trial(
    operator_client: Client, first: date | None, last: date | None, badge: str
) -> None:
    OrganizationFactory.create(
        trial_first_on=first, trial_last_on=last, tariffs=[TariffFactory.create()]
    )

    assert f">{badge}</span>" in operator_client.get(ADDRESS).text


def test_support_may_view_but_not_change(support_client: Client) -> None:
    organization = OrganizationFactory.create(title="Acme")

    page = support_client.get(ADDRESS).text

    assert "Acme" in page
    assert f"/organizations/{organization.pk}/usages/" in page
    assert f"/organizations/{organization.pk}/edit/" not in page
    assert "/organizations/add/" not in page


def test_owner_sees_only_their_own(owner_client: Client, owner: User) -> None:
    own = OrganizationFactory.create(title="Mine", owner=owner, tariffs=[TariffFactory.create()])
    OrganizationFactory.create(title="Foreign", tariffs=[TariffFactory.create(name="Secret plan")])

    answer = owner_client.get(ADDRESS)

    assert titles(owner_client) == ["Mine"]
    assert "My organizations" in answer.text
    assert f"/organizations/{own.pk}/usages/" in answer.text
    for hidden in ("Foreign", "Secret plan", "/edit/", "/organizations/add/", "data-owner-select"):
        assert hidden not in answer.text
    assert "Title, contract, legal name or tax ID" in answer.text
    assert "owner" not in answer.context["table"].columns.names()


def test_owner_cannot_search_for_others(owner_client: Client, owner: User) -> None:
    other = OwnerFactory.create()
    OrganizationFactory.create(title="Foreign", owner=other)

    assert titles(owner_client, q="foreign") == []
    assert titles(owner_client, owner=other.email) == []


@pytest.mark.parametrize("query", ["acm", "ACME", "ann@example", "lee", "K-17", "acme lee 17"])
def test_finds_by_title_owner_or_contract(operator_client: Client, query: str) -> None:
    owner = OwnerFactory.create(email="ann@example.com", name="Ann Lee")
    OrganizationFactory.create(title="Acme", owner=owner, contract_number="K-17")
    OrganizationFactory.create(title="Other", owner=OwnerFactory.create(email="bob@firm.test"))

    assert titles(operator_client, q=query) == ["Acme"]


def test_filters_by_tariff(operator_client: Client) -> None:
    basic = TariffFactory.create()
    OrganizationFactory.create(title="Has it", tariffs=[basic, TariffFactory.create()])
    OrganizationFactory.create(title="Has not", tariffs=[TariffFactory.create()])

    assert titles(operator_client, tariff=basic.pk) == ["Has it"]


@pytest.mark.parametrize("state", ["none", "from", "until", "ended"])
def test_filters_by_trial(operator_client: Client, state: str) -> None:
    trials = {
        "none": (None, None),
        "from": (date(2026, 10, 16), date(2026, 10, 16)),
        "until": (date(2026, 10, 15), date(2026, 10, 15)),
        "ended": (date(2026, 10, 14), date(2026, 10, 14)),
    }
    for title, (first, last) in trials.items():
        OrganizationFactory.create(title=title, trial_first_on=first, trial_last_on=last)

    assert titles(operator_client, trial=state) == [state]


@pytest.mark.parametrize("text", ["ann@example.com", " ANN@example.com "])
def test_filters_by_the_address_of_an_owner(operator_client: Client, text: str) -> None:
    make(["Ann's"], owner=OwnerFactory.create(email="ann@example.com"))
    make(["Other's"], owner=OwnerFactory.create(email="ann@example.com.test"))

    assert titles(operator_client, owner=text) == ["Ann's"]


def test_filters_by_the_beginning_of_an_owners_address(operator_client: Client) -> None:
    make(["Ann's"], owner=OwnerFactory.create(email="ann@example.com"))
    make(["Bob's"], owner=OwnerFactory.create(email="bob@example.com"))

    assert titles(operator_client, owner="ann") == ["Ann's"]
    assert titles(operator_client, owner="nobody") == []


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("", ["A", "B", "C"]),
        ("-title", ["C", "B", "A"]),
        ("owner", ["C", "B", "A"]),
        ("-cameras_in_use", ["B", "C", "A"]),
        ("trial", ["C", "A", "B"]),
        ("-trial", ["A", "C", "B"]),
    ],
)
def test_sorts(operator_client: Client, sort: str, expected: list[str]) -> None:
    use_cameras(0, "A")
    use_cameras(2, "B")
    use_cameras(1, "C")
    for title, email, trial in [
        ("A", "z@example.com", date(2026, 12, 1)),
        ("B", "y@example.com", None),
        ("C", "x@example.com", date(2026, 11, 1)),
    ]:
        organization = Organization.objects.get(title=title)
        organization.owner = OwnerFactory.create(email=email)
        organization.trial_first_on = organization.trial_last_on = trial
        organization.save()

    assert titles(operator_client, sort=sort) == expected


def test_shows_fifty_per_page(operator_client: Client) -> None:
    make(f"Org {number:03}" for number in range(51))

    assert len(titles(operator_client)) == 50
    assert titles(operator_client, page=2) == ["Org 050"]
    assert titles(operator_client, page=999) == ["Org 050"]
    assert len(titles(operator_client, page="x")) == 50


@pytest.mark.parametrize(
    "query", [{"trial": "x"}, {"tariff": "x"}, {"tariff": "999"}, {"sort": "x"}]
)
def test_ignores_invalid_query_strings(operator_client: Client, query: dict[str, str]) -> None:
    make(["Acme"])

    assert titles(operator_client, **query) == ["Acme"]


def test_finds_nothing_without_letters_or_digits(operator_client: Client) -> None:
    make(["Acme"])

    assert titles(operator_client, q="!?") == []


def test_a_trial_ends_with_the_local_day_of_the_organization(operator_client: Client) -> None:
    """At noon in UTC, the easternmost time zones have the next date and the westernmost do not."""
    first, last = date(2026, 10, 1), date(2026, 10, 15)
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        OrganizationFactory.create(
            title=zone, time_zone=zone, trial_first_on=first, trial_last_on=last
        )
    now = datetime(2026, 10, 15, 12, tzinfo=UTC)

    states = {each.title: each.trial_state(now) for each in Organization.objects.all()}
    running = Organization.objects.in_trial_state("until", now)

    assert states == {"Pacific/Kiritimati": "ended", "Pacific/Pago_Pago": "until"}
    assert [each.title for each in running] == ["Pacific/Pago_Pago"]


def test_offers_to_add_the_first_organization(
    operator_client: Client, support_client: Client
) -> None:
    assert "No organizations yet" in (page := operator_client.get(ADDRESS).text)
    assert "/organizations/add/" in page
    assert "No organizations yet" in (page := support_client.get(ADDRESS).text)
    assert "/organizations/add/" not in page


def test_offers_to_clear_a_search_without_results(operator_client: Client) -> None:
    make(["Acme"])

    page = operator_client.get(ADDRESS, {"q": "nowhere"}).text

    assert "No organizations found" in page
    assert '<a class="btn btn-primary" href="/organizations/">Clear search</a>' in page


def test_titles_are_escaped(operator_client: Client) -> None:
    make(["<script>alert(1)</script>"])

    page = operator_client.get(ADDRESS).text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_number_of_queries_does_not_grow(operator_client: Client) -> None:
    UsageIntervalFactory.create()
    with CaptureQueriesContext(
        connection,
    ) as one:
        operator_client.get(ADDRESS)

    for _ in range(20):
        interval = UsageIntervalFactory.create()
        interval.organization.tariffs.add(TariffFactory.create())
    with CaptureQueriesContext(connection) as many:
        operator_client.get(ADDRESS)

    assert len(one) == len(many) <= 13


def test_requires_sign_in(client: Client) -> None:
    assert client.get(ADDRESS).headers["Location"] == "/accounts/login/?next=/organizations/"


def test_cannot_be_posted_to(operator_client: Client) -> None:
    assert operator_client.post(ADDRESS).status_code == 405
