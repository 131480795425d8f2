"""Editing a tariff plan."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from organizations.tests.factories import OrganizationFactory
from tariffs import operations
from tariffs.models import Proration, Tariff
from tariffs.tests.factories import TariffFactory, TariffPriceFactory
from tariffs.tests.test_operations import version
from usage.tests.factories import UsageIntervalFactory

pytestmark = pytest.mark.django_db


def edit(tariff: Tariff) -> str:
    return reverse("tariffs:edit", args=[tariff.pk])


def filled_in(tariff: Tariff, **changes: str) -> dict[str, str]:
    """Return the values that the browser sends."""
    return {
        "name": tariff.name,
        "note": tariff.note,
        "dvr_depth_days": str(tariff.dvr_depth_days),
        "dvr_space_gb": str(tariff.dvr_space_gb),
        "has_anpr": str(tariff.has_anpr),
        "currency": tariff.currency,
        "proration": tariff.proration,
        "version": version(tariff),
        **changes,
    }


def without_terms(sent: dict[str, str]) -> dict[str, str]:
    """Return the values that a browser sends if the terms are disabled."""
    return {name: value for name, value in sent.items() if name not in ("currency", "proration")}


def test_plan_is_changed(operator: Client) -> None:
    tariff = TariffFactory.create(is_default=False)
    changes = {
        "name": "Other",
        "note": "Note",
        "is_default": "on",
        "dvr_depth_days": "0",
        "dvr_space_gb": "9",
        "has_anpr": "True",
        "currency": "KWD",
        "proration": "day",
        "version": version(tariff),
    }
    response = operator.post(edit(tariff), changes, follow=True)
    assert response.redirect_chain == [(edit(tariff), 302)]
    assert "“Other” has been saved" in response.content.decode()
    tariff.refresh_from_db()
    assert (tariff.name, tariff.note, tariff.is_default) == ("Other", "Note", True)
    assert (tariff.dvr_depth_days, tariff.dvr_space_gb, tariff.has_anpr) == (0, 9, True)
    assert (tariff.currency, tariff.proration) == ("KWD", Proration.DAY)


def test_form_shows_the_stored_plan(operator: Client) -> None:
    tariff = TariffFactory.create(has_anpr=True, proration=Proration.DAY)
    context = operator.get(edit(tariff)).context
    form = context["form"]
    assert str(form["has_anpr"]).count("checked") == 1
    sent = {name: str(form[name].value()) for name in form.fields if name != "is_default"}
    assert sent | {"version": context["version"]} == filled_in(tariff)


def test_terms_of_a_used_plan_are_disabled_with_the_reason(operator: Client) -> None:
    tariff = UsageIntervalFactory.create().tariff
    response = operator.get(edit(tariff))
    form = response.context["form"]
    assert form.fields["currency"].disabled
    assert form.fields["proration"].disabled
    reason = "Cameras have used this tariff plan, so its currency and proration can no longer"
    assert reason in response.content.decode()


def test_terms_of_an_unused_plan_are_enabled(operator: Client) -> None:
    form = operator.get(edit(TariffFactory.create())).context["form"]
    assert not form.fields["currency"].disabled
    assert not form.fields["proration"].disabled


def test_used_plan_is_saved_without_its_disabled_fields(operator: Client) -> None:
    tariff = UsageIntervalFactory.create().tariff
    response = operator.post(edit(tariff), without_terms(filled_in(tariff, name="Other")))
    assert response.status_code == 302
    tariff.refresh_from_db()
    assert (tariff.name, tariff.currency, tariff.proration) == ("Other", "EUR", Proration.SECOND)


@pytest.mark.parametrize("change", [{"currency": "USD"}, {"proration": "day"}])
def test_terms_sent_from_a_page_opened_before_the_first_use_are_refused(
    operator: Client, change: dict[str, str]
) -> None:
    tariff = UsageIntervalFactory.create().tariff
    response = operator.post(edit(tariff), filled_in(tariff, name="Other", **change))
    assert response.status_code == 200
    assert response.context["form"].non_field_errors() == [
        (
            "Cameras have used this tariff plan, so its currency and proration can no "
            "longer be changed."
        )
    ]
    assert response.context["form"]["currency"].value() == "EUR"
    assert response.context["form"]["proration"].value() == Proration.SECOND
    assert Tariff.objects.filter(name=tariff.name, currency="EUR").exists()


def test_unchanged_terms_are_accepted(operator: Client) -> None:
    tariff = UsageIntervalFactory.create().tariff
    response = operator.post(edit(tariff), filled_in(tariff, name="Other"))
    assert response.status_code == 302


def test_name_of_another_plan_is_refused_and_the_heading_is_unchanged(operator: Client) -> None:
    TariffFactory.create(name="Basic")
    tariff = TariffFactory.create(name="Pro")
    response = operator.post(edit(tariff), filled_in(tariff, name="basic"))
    assert list(response.context["form"].errors) == ["name"]
    assert response.context["tariff"].name == "Pro"


def test_case_of_the_name_may_change(operator: Client) -> None:
    tariff = TariffFactory.create(name="pro")
    operator.post(edit(tariff), filled_in(tariff, name="Pro"))
    assert Tariff.objects.filter(name="Pro").exists()


def test_name_taken_at_the_last_moment_is_refused(
    operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(**fields: Any) -> None:
        raise operations.NameTaken

    monkeypatch.setattr(operations, "change_tariff", too_late)
    tariff = TariffFactory.create()
    response = operator.post(edit(tariff), filled_in(tariff))
    assert list(response.context["form"].errors) == ["name"]


def test_plan_deleted_at_the_last_moment_is_reported(
    operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(**fields: Any) -> None:
        raise operations.TariffGone

    monkeypatch.setattr(operations, "change_tariff", too_late)
    tariff = TariffFactory.create()
    response = operator.post(edit(tariff), filled_in(tariff))
    assert response["Location"] == reverse("tariffs:list")


def test_all_price_versions_are_shown_with_their_state(operator: Client) -> None:
    tariff = TariffFactory.create()
    for day in (date(2025, 1, 1), date(2026, 10, 15), date(2026, 10, 16), date(2027, 1, 1)):
        TariffPriceFactory.create(tariff=tariff, valid_from=day)
    versions = operator.get(edit(tariff)).context["versions"]
    assert [(version.row.valid_from, version.state) for version in versions] == [
        (date(2027, 1, 1), "later"),
        (date(2026, 10, 16), "later"),
        (date(2026, 10, 15), "now"),
        (date(2025, 1, 1), "past"),
    ]


def test_only_upcoming_prices_can_be_withdrawn(operator: Client) -> None:
    now = TariffPriceFactory.create(amount=Decimal("9.125"))
    later = TariffPriceFactory.create(tariff=now.tariff, valid_from=date(2026, 12, 1))
    page = operator.get(edit(now.tariff)).content.decode()
    assert "EUR\xa09.125" in page
    assert reverse("tariffs:withdraw_price", args=[later.tariff_id, later.pk]) in page
    assert reverse("tariffs:withdraw_price", args=[now.tariff_id, now.pk]) not in page


def test_plan_without_a_price_says_so(operator: Client) -> None:
    assert "No price yet" in operator.get(edit(TariffFactory.create())).content.decode()


def test_use_is_shown(operator: Client) -> None:
    tariff = UsageIntervalFactory.create().tariff
    OrganizationFactory.create(tariffs=[tariff])
    page = operator.get(edit(tariff)).content.decode()
    assert "Available to 2 organizations." in page
    assert "Currently used by 1 camera." in page
    assert "it cannot be deleted" in page
    assert reverse("tariffs:delete", args=[tariff.pk]) not in page


def test_unused_plan_can_be_deleted(operator: Client) -> None:
    tariff = TariffFactory.create()
    page = operator.get(edit(tariff)).content.decode()
    assert reverse("tariffs:delete", args=[tariff.pk]) in page


@pytest.mark.parametrize(("is_archived", "offered"), [(False, "archive"), (True, "restore")])
def test_page_offers_to_archive_or_to_restore(
    operator: Client, is_archived: bool, offered: str
) -> None:
    tariff = TariffFactory.create(is_archived=is_archived)
    page = operator.get(edit(tariff)).content.decode()
    for name in ("archive", "restore"):
        assert (reverse(f"tariffs:{name}", args=[tariff.pk]) in page) == (name == offered)
