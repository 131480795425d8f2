"""Test changing the tariff of selected cameras, and disconnecting them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory
from usage.cameras import selection
from usage.models import UsageInterval
from usage.tests.factories import UsageIntervalFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

JUNE = datetime(2026, 6, 1, tzinfo=UTC)
PAST = {"when": "past", "at": "2026-06-01T02:00:00"}


@pytest.fixture
def organization() -> Organization:
    tariffs = [TariffFactory.create(name=name) for name in ("Basic", "Pro")]
    return OrganizationFactory.create(title="Harbour", time_zone="Europe/Berlin", tariffs=tariffs)


@pytest.fixture
def pro(organization: Organization) -> Tariff:
    return organization.tariffs.get(name="Pro")


def in_use(organization: Organization, number: int = 1) -> list[UsageInterval]:
    basic = organization.tariffs.get(name="Basic")
    return [
        UsageIntervalFactory.create(
            camera__organization=organization, camera__name=f"gate-{index:02}", tariff=basic
        )
        for index in range(number)
    ]


def address(action: str, organization: Organization) -> str:
    return reverse(f"usage:{action}", args=[organization.pk])


def listed(organization: Organization) -> str:
    return reverse("usage:cameras", args=[organization.pk])


def ask(client: Client, action: str, uses: Sequence[UsageInterval], **query: Any) -> Any:
    query = {"use": [use.pk for use in uses], **query}
    return client.get(address(action, uses[0].organization), query)


def post(client: Client, action: str, uses: Sequence[UsageInterval], **data: Any) -> Any:
    ids = ",".join(str(use.pk) for use in uses)
    data = {"uses": ids, "when": "now", **data}
    return client.post(address(action, uses[0].organization), data, follow=True)


both = pytest.mark.parametrize("action", ["change_tariff", "disconnect"])


def test_the_page_shows_the_number_and_names_of_the_cameras(
    operator_client: Client, organization: Organization
) -> None:
    uses = in_use(organization, 3)
    page = ask(operator_client, "change_tariff", uses).text
    assert "Change tariff for 3 cameras" in page
    assert "Disconnect 3 cameras" in ask(operator_client, "disconnect", uses).text
    for use in uses:
        assert use.camera.name in page


def test_only_the_first_of_many_cameras_are_named(
    operator_client: Client, organization: Organization
) -> None:
    page = ask(operator_client, "disconnect", in_use(organization, 22)).text
    assert "gate-19" in page
    assert "gate-20" not in page
    assert "and 2 more" in page


def test_all_filtered_cameras_can_be_selected(
    operator_client: Client, organization: Organization
) -> None:
    wanted = in_use(organization, 60)
    UsageIntervalFactory.create(camera__organization=organization, camera__name="yard")
    UsageIntervalFactory.create(camera__name="gate-elsewhere")
    query = {"all": "1", "q": "gate", "tariff": str(wanted[0].tariff_id)}
    answer = operator_client.get(address("disconnect", organization), query)
    assert "Disconnect 60 cameras" in answer.text
    assert set(answer.context["uses"].split(",")) == {str(use.pk) for use in wanted}


@both
@pytest.mark.parametrize("query", [{}, {"use": "x"}, {"use": "9" * 30}, {"all": "1", "q": "none"}])
def test_an_empty_selection_returns_to_the_list_with_a_message(
    operator_client: Client, organization: Organization, action: str, query: dict[str, str]
) -> None:
    in_use(organization)
    query = {**query, "next": f"{listed(organization)}?sort=title"}
    answer = operator_client.get(address(action, organization), query, follow=True)
    assert answer.redirect_chain == [(query["next"], 302)]
    assert "Select at least one camera." in answer.text


def test_too_many_cameras_return_to_the_list_with_a_message(
    operator_client: Client, organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selection, "MOST_AT_ONCE", 2)
    in_use(organization, 3)
    query = {"all": "1"}
    answer = operator_client.get(address("disconnect", organization), query, follow=True)
    assert "Select at most 2 cameras at a time." in answer.text


@both
def test_a_camera_that_changed_after_selection_returns_to_the_list_with_a_message(
    operator_client: Client, organization: Organization, action: str
) -> None:
    uses = in_use(organization, 2)
    UsageInterval.objects.filter(pk=uses[0].pk).update(ended_at=JUNE)
    query = {"use": [use.pk for use in uses]}
    answer = operator_client.get(address(action, organization), query, follow=True)
    assert answer.redirect_chain == [(listed(organization), 302)]
    assert "Some of these cameras have changed." in answer.text


def test_changes_the_tariff_of_all_selected_cameras(
    operator_client: Client, organization: Organization, pro: Tariff, now: datetime
) -> None:
    uses = in_use(organization, 3)
    answer = post(operator_client, "change_tariff", uses, tariff=pro.pk)
    assert answer.redirect_chain == [(listed(organization), 302)]
    assert "3 cameras are on “Pro” as of 15 Oct 2026 14:00:00 (Europe/Berlin)." in answer.text
    assert "have been recalculated" not in answer.text
    assert UsageInterval.objects.filter(tariff=pro, started_at=now, ended_at=None).count() == 3
    assert UsageInterval.objects.filter(ended_at=now).count() == 3


def test_disconnects_all_selected_cameras(
    operator_client: Client, organization: Organization, now: datetime
) -> None:
    answer = post(operator_client, "disconnect", in_use(organization, 3))
    assert "3 cameras are disconnected as of 15 Oct 2026 14:00:00 (Europe/Berlin)." in answer.text
    assert UsageInterval.objects.filter(ended_at=now).count() == 3
    assert not UsageInterval.objects.in_use().exists()


@both
def test_a_past_change_says_that_charges_change(
    operator_client: Client, organization: Organization, pro: Tariff, action: str
) -> None:
    uses = in_use(organization)
    assert "from a past time on will be recalculated." in ask(operator_client, action, uses).text
    answer = post(operator_client, action, uses, tariff=pro.pk, **PAST)
    assert "Charges since that time have been recalculated." in answer.text
    assert UsageInterval.objects.get(pk=uses[0].pk).ended_at == JUNE


@both
@pytest.mark.parametrize(
    ("data", "field"),
    [({"when": "past"}, "at"), ({"when": "past", "at": "2026-10-15T14:00:01"}, "at")],
)
def test_an_error_is_shown_beside_its_field(
    operator_client: Client,
    organization: Organization,
    pro: Tariff,
    action: str,
    data: dict[str, str],
    field: str,
) -> None:
    answer = post(operator_client, action, in_use(organization), tariff=pro.pk, **data)
    assert field in answer.context["form"].errors
    assert UsageInterval.objects.get().ended_at is None


def test_a_tariff_of_other_organizations_is_refused(
    operator_client: Client, organization: Organization
) -> None:
    uses = in_use(organization)
    answer = post(operator_client, "change_tariff", uses, tariff=TariffFactory.create().pk)
    assert "no longer available" in str(answer.context["form"].errors["tariff"])
    assert UsageInterval.objects.get().ended_at is None


def test_a_single_camera_that_cannot_be_changed_shows_the_reason(
    operator_client: Client, organization: Organization
) -> None:
    uses = in_use(organization)
    answer = post(operator_client, "change_tariff", uses, tariff=uses[0].tariff_id)
    assert "is already on “Basic”" in str(answer.context["form"].errors["tariff"])


def test_an_error_is_not_shown_beside_a_hidden_time_field(
    operator_client: Client, organization: Organization, now: datetime
) -> None:
    uses = in_use(organization)
    UsageInterval.objects.update(started_at=now)
    form = post(operator_client, "disconnect", uses).context["form"]
    assert "Choose a later time" in form.non_field_errors()[0]


@both
def test_a_second_change_is_refused_with_the_current_use(
    operator_client: Client, organization: Organization, pro: Tariff, action: str
) -> None:
    uses = in_use(organization)
    post(operator_client, "change_tariff", uses, tariff=pro.pk, **PAST)
    answer = post(operator_client, action, uses, tariff=pro.pk)
    (error,) = answer.context["form"].non_field_errors()
    assert "changed “gate-00”. It has been in use by “Harbour” on “Pro”" in error
    assert UsageInterval.objects.count() == 2


@both
def test_refused_cameras_are_named_and_the_others_can_continue(
    operator_client: Client, organization: Organization, pro: Tariff, action: str
) -> None:
    uses = in_use(organization, 3)
    UsageInterval.objects.filter(pk=uses[1].pk).update(started_at=JUNE)

    answer = post(operator_client, action, uses, tariff=pro.pk, **PAST)

    assert "Nothing was changed: 1 camera has a problem." in answer.text
    assert "“gate-01” has been on “Basic” since 1 Jun 2026 02:00:00 (Europe/Berlin)" in answer.text
    assert "Continue with the other 2" in answer.text
    assert UsageInterval.objects.in_use().count() == UsageInterval.objects.count() == 3

    others = answer.context["others"]
    post(operator_client, action, uses, tariff=pro.pk, only=others, **PAST)
    ended = UsageInterval.objects.filter(ended_at=JUNE)
    assert {use.pk for use in ended} == {uses[0].pk, uses[2].pk}


def test_cameras_of_another_organization_are_refused(
    operator_client: Client, organization: Organization
) -> None:
    uses = [*in_use(organization), UsageIntervalFactory.create()]
    answer = post(operator_client, "disconnect", uses)
    assert "do not belong to this organization" in answer.context["form"].non_field_errors()[0]
    assert UsageInterval.objects.in_use().count() == 2


def test_the_number_of_queries_does_not_grow_with_cameras(
    operator_client: Client, organization: Organization, pro: Tariff
) -> None:
    counts = []
    for number in (1, 30):
        uses = [
            UsageIntervalFactory.create(
                camera__organization=organization, tariff=organization.tariffs.get(name="Basic")
            )
            for _ in range(number)
        ]
        with CaptureQueriesContext(connection) as asking:
            ask(operator_client, "change_tariff", uses)
        ids = ",".join(str(use.pk) for use in uses)
        data = {"uses": ids, "when": "now", "tariff": pro.pk}
        with CaptureQueriesContext(connection) as changing:
            operator_client.post(address("change_tariff", organization), data)
        counts.append((len(asking), len(changing)))
    assert counts[0] == counts[1]


@both
@pytest.mark.parametrize("role", ["support_client", "owner_client"])
def test_support_and_owners_may_not_change_cameras(
    role: str, request: pytest.FixtureRequest, organization: Organization, action: str
) -> None:
    client = request.getfixturevalue(role)
    uses = in_use(organization)
    assert ask(client, action, uses).status_code == 403
    assert post(client, action, uses).status_code == 403
    assert UsageInterval.objects.in_use().exists()


@both
def test_anonymous_users_must_sign_in(
    client: Client, organization: Organization, action: str
) -> None:
    answer = client.post(address(action, organization))
    assert answer.headers["Location"].startswith("/accounts/login/")


@both
def test_other_methods_and_missing_organizations_are_errors(
    operator_client: Client, organization: Organization, action: str
) -> None:
    assert operator_client.delete(address(action, organization)).status_code == 405
    missing = reverse(f"usage:{action}", args=[organization.pk + 999])
    assert operator_client.get(missing).status_code == 404
