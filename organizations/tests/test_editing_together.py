"""Two operators who edit one organization at the same time."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from accounts.tests.factories import OperatorFactory, OwnerFactory
from foundation.web.edit_conflicts import EditConflict
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from tariffs.tests.factories import TariffFactory

# The history tells changes apart by their transactions.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def acme(db: None) -> Organization:
    return OrganizationFactory.create(title="Acme", owner__email="ann@example.com")


@pytest.fixture
def bob(db: None) -> User:
    return OperatorFactory.create(email="bob@example.com")


@pytest.fixture
def bobs_client(bob: User) -> Client:
    client = Client()
    client.force_login(bob)
    return client


class Opened:
    """An Edit page that someone has opened."""

    def __init__(self, client: Client, organization: Organization) -> None:
        self.client = client
        self.address = f"/organizations/{organization.pk}/edit/"
        self._take(client.get(self.address))

    def _take(self, answer: Any) -> None:
        form = answer.context["form"]
        self.entries = {name: form[name].value() for name in form.fields}
        self.entries = {name: value for name, value in self.entries.items() if value is not None}
        self.entries["tariffs"] = [getattr(each, "pk", each) for each in self.entries["tariffs"]]
        self.entries["version"] = answer.context["version"]

    def save(self, **typed: Any) -> EditConflict | None:
        """Type values and press Save; return the conflict that the page shows."""
        self.entries |= typed
        answer = self.client.post(self.address, self.entries)
        if answer.status_code == 302:
            return None
        assert answer.context["form"].errors == {}
        self.page = answer.text
        self._take(answer)
        conflict: EditConflict = answer.context["conflict"]
        return conflict


def shown(conflict: EditConflict | None) -> list[tuple[str, str | None, str | None]]:
    assert conflict is not None
    return [(each.label, each.typed, each.stored) for each in conflict.differences]


def test_both_versions_are_shown_and_nothing_is_overwritten(
    operator_client: Client, bobs_client: Client, acme: Organization
) -> None:
    mine, theirs = Opened(operator_client, acme), Opened(bobs_client, acme)
    assert theirs.save(title="Theirs", contract_number="K-1") is None

    conflict = mine.save(title="Mine")

    assert shown(conflict) == [("Title", "Mine", "Theirs"), ("Contract number", None, "K-1")]
    assert 'role="alert"' in mine.page
    assert "bob@example.com" in mine.page
    acme.refresh_from_db()
    assert (acme.title, acme.contract_number) == ("Theirs", "K-1")


def test_typed_values_stay_in_the_form(
    operator_client: Client, bobs_client: Client, acme: Organization
) -> None:
    mine, theirs = Opened(operator_client, acme), Opened(bobs_client, acme)
    theirs.save(title="Theirs")
    mine.save(title="Mine", contract_number="K-2", time_zone="Asia/Tokyo")

    assert mine.entries["title"] == "Mine"
    assert mine.entries["contract_number"] == "K-2"
    assert mine.entries["time_zone"] == "Asia/Tokyo"


def test_saving_again_overwrites(
    operator_client: Client, bobs_client: Client, acme: Organization
) -> None:
    mine, theirs = Opened(operator_client, acme), Opened(bobs_client, acme)
    theirs.save(title="Theirs")
    mine.save(title="Mine")

    assert mine.save() is None
    acme.refresh_from_db()
    assert acme.title == "Mine"


def test_a_third_version_is_shown(
    operator_client: Client, bobs_client: Client, acme: Organization
) -> None:
    mine, theirs = Opened(operator_client, acme), Opened(bobs_client, acme)
    theirs.save(title="Theirs")
    mine.save(title="Mine")
    Opened(bobs_client, acme).save(title="Third")

    assert shown(mine.save()) == [("Title", "Mine", "Third")]


def test_a_reload_shows_the_version_of_the_other(
    operator_client: Client, bobs_client: Client, acme: Organization
) -> None:
    mine, theirs = Opened(operator_client, acme), Opened(bobs_client, acme)
    theirs.save(title="Theirs")
    mine.save(title="Mine")

    assert f'href="{mine.address}"' in mine.page
    assert Opened(operator_client, acme).entries["title"] == "Theirs"


def test_the_owner_and_the_tariffs_are_shown_by_name(
    operator_client: Client, bobs_client: Client, acme: Organization
) -> None:
    basic, pro, max_ = (TariffFactory.create(name=name) for name in ("Basic", "Pro", "Max"))
    acme.tariffs.add(basic)
    OwnerFactory.create(email="cleo@example.com")
    mine, theirs = Opened(operator_client, acme), Opened(bobs_client, acme)
    theirs.save(owner="cleo@example.com", tariffs=[pro.pk, max_.pk])

    conflict = mine.save(title="Mine")

    assert shown(conflict) == [
        ("Owner", "ann@example.com", "cleo@example.com"),
        ("Tariff plans", "Basic", "Max, Pro"),
    ]
    assert conflict is not None
    assert [each.change.who for each in conflict.differences if each.change] == 2 * [
        "bob@example.com"
    ]


def test_changes_by_raw_sql_are_detected(operator_client: Client, acme: Organization) -> None:
    mine = Opened(operator_client, acme)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE organizations_organization SET time_zone = 'Asia/Tokyo'")

    conflict = mine.save(title="Mine")

    assert shown(conflict) == [("Time zone", "UTC", "Asia/Tokyo")]
    assert "directly in the database" in mine.page


def test_a_tariff_made_available_by_raw_sql_is_detected(
    operator_client: Client, acme: Organization
) -> None:
    tariff = TariffFactory.create(name="Basic")
    mine = Opened(operator_client, acme)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO organizations_organization_tariffs (organization_id, tariff_id) "
            "VALUES (%s, %s)",
            [acme.pk, tariff.pk],
        )

    assert shown(mine.save(title="Mine")) == [("Tariff plans", None, "Basic")]


def test_the_same_form_sent_twice_is_not_a_conflict(
    operator_client: Client, acme: Organization
) -> None:
    mine = Opened(operator_client, acme)

    assert mine.save(title="Mine") is None
    assert mine.save(title="Mine") is None


def test_a_change_in_another_tab_is_shown_as_ones_own(
    operator_client: Client, acme: Organization
) -> None:
    one, other = Opened(operator_client, acme), Opened(operator_client, acme)
    other.save(title="Other tab")

    conflict = one.save(title="Mine")

    assert conflict is not None
    assert conflict.is_own
    assert "Nothing was saved: you changed this elsewhere after opening the form" in one.page


def test_the_same_change_by_two_people_is_not_a_conflict(
    operator_client: Client, bobs_client: Client, acme: Organization
) -> None:
    mine, theirs = Opened(operator_client, acme), Opened(bobs_client, acme)
    theirs.save(title="Same")

    assert mine.save(title="Same", contract_number="K-2") is None
    acme.refresh_from_db()
    assert (acme.title, acme.contract_number) == ("Same", "K-2")


def test_a_form_without_a_version_overwrites_nothing(
    operator_client: Client, acme: Organization
) -> None:
    mine = Opened(operator_client, acme)
    del mine.entries["version"]

    assert shown(mine.save(title="Mine")) == [("Title", "Mine", "Acme")]
    acme.refresh_from_db()
    assert acme.title == "Acme"


def test_a_form_error_does_not_count_as_having_seen_the_stored_values(
    operator_client: Client, bobs_client: Client, acme: Organization
) -> None:
    mine, theirs = Opened(operator_client, acme), Opened(bobs_client, acme)
    theirs.save(title="Theirs")
    before = mine.entries["version"]
    answer = operator_client.post(mine.address, mine.entries | {"time_zone": "Nowhere"})

    assert answer.context["version"] == before
    assert shown(mine.save(title="Mine")) == [("Title", "Mine", "Theirs")]
