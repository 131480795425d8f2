"""Two operators who edit one tariff plan at the same time."""

import pytest
from django.test import Client

from accounts.tests.factories import OperatorFactory
from tariffs import operations
from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory, TariffPriceFactory
from tariffs.tests.test_edit import edit, filled_in
from usage.tests.factories import UsageIntervalFactory

# The history tells changes apart by their transactions.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bob(db: None) -> Client:
    client = Client()
    client.force_login(OperatorFactory.create(email="bob@example.com"))
    return client


def test_both_versions_are_shown_and_nothing_is_overwritten(operator: Client, bob: Client) -> None:
    tariff = TariffFactory.create(name="Basic")
    mine = filled_in(tariff, name="Mine", dvr_depth_days="14")
    bob.post(edit(tariff), filled_in(tariff, name="Theirs", has_anpr="True"))

    response = operator.post(edit(tariff), mine)

    assert response.status_code == 200
    shown = response.context["conflict"].differences
    assert [(each.label, each.typed, each.stored) for each in shown] == [
        ("Name", "Mine", "Theirs"),
        ("ANPR (number plate recognition)", "no", "yes"),
    ]
    assert {each.change.who for each in shown} == {"bob@example.com"}
    assert response.context["form"]["dvr_depth_days"].value() == "14"
    assert Tariff.objects.filter(name="Theirs", dvr_depth_days=7, has_anpr=True).exists()


def test_saving_again_overwrites(operator: Client, bob: Client) -> None:
    tariff = TariffFactory.create(name="Basic")
    mine = filled_in(tariff, name="Mine")
    bob.post(edit(tariff), filled_in(tariff, name="Theirs"))
    version = operator.post(edit(tariff), mine).context["version"]

    response = operator.post(edit(tariff), mine | {"version": version})

    assert response.status_code == 302
    assert Tariff.objects.filter(name="Mine").exists()


def test_the_same_form_sent_twice_is_not_a_conflict(operator: Client) -> None:
    tariff = TariffFactory.create()
    mine = filled_in(tariff, name="Mine")

    for _click in range(2):
        assert operator.post(edit(tariff), mine).status_code == 302


def test_a_change_outside_the_form_is_not_a_conflict(operator: Client) -> None:
    tariff = TariffPriceFactory.create().tariff
    mine = filled_in(tariff, name="Mine")
    TariffPriceFactory.create(tariff=tariff, valid_from="2027-01-01")
    operations.archive(tariff_id=tariff.pk)

    assert operator.post(edit(tariff), mine).status_code == 302
    assert Tariff.objects.filter(name="Mine", is_archived=True).exists()


def test_a_form_without_a_version_overwrites_nothing(operator: Client) -> None:
    tariff = TariffFactory.create(name="Basic")
    mine = filled_in(tariff, name="Mine")
    del mine["version"]

    response = operator.post(edit(tariff), mine)

    assert response.context["conflict"].differences[0].stored == "Basic"
    assert Tariff.objects.filter(name="Basic").exists()


def test_terms_that_become_fixed_during_editing_stay_fixed(operator: Client) -> None:
    tariff = TariffFactory.create(name="Basic", currency="EUR")
    mine = filled_in(tariff, currency="USD")
    UsageIntervalFactory.create(tariff=tariff)
    Tariff.objects.update(name="Theirs")
    version = operator.post(edit(tariff), mine).context["version"]

    response = operator.post(edit(tariff), mine | {"version": version})

    assert (
        "Cameras have used this tariff plan, so its currency and proration can "
        "no longer be changed."
    ) in response.context["form"].non_field_errors()[0]
    assert Tariff.objects.filter(currency="EUR").exists()
