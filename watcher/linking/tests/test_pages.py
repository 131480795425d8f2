"""The pages on which people link Watcher's organizations and presets to those here."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.tests.factories import OperatorFactory, OwnerFactory, SupportFactory
from organizations.tests.factories import OrganizationFactory
from tariffs.tests.factories import TariffFactory
from watcher.models import PresetLink
from watcher.tests.factories import (
    SEEN_AT,
    PlatformOrganizationFactory,
    PlatformPresetFactory,
    PresetLinkFactory,
)

pytestmark = pytest.mark.django_db

TENANTS, UNLINKED, PRESETS = "/watcher/organizations/", "/watcher/unlinked/", "/watcher/presets/"


def signed_in(factory: type[OperatorFactory] | type[SupportFactory]) -> Client:
    client = Client()
    client.force_login(factory.create())
    return client


@pytest.fixture
def operator() -> Client:
    return signed_in(OperatorFactory)


@pytest.fixture
def support() -> Client:
    return signed_in(SupportFactory)


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("tenant", "organization", "why"),
    [
        ({"title": "LINDENHOF eG"}, {"title": "Lindenhof eG"}, "same title"),
        ({"owner_external_id": "C-1042"}, {"contract_number": "C-1042"}, "same contract number"),
        ({"owner_login": "Ann@Example.com"}, {}, "same owner"),
        ({"owner_email": "ann@example.com"}, {}, "same owner"),
    ],
)
def test_a_likely_organization_is_proposed_and_linked_by_one_click(
    operator: Client, tenant: dict[str, str], organization: dict[str, str], why: str
) -> None:
    owner = OwnerFactory.create(email="ann@example.com")
    ours = OrganizationFactory.create(owner=owner, **organization)
    theirs = PlatformOrganizationFactory.create(**tenant)

    page = page_of(operator, TENANTS)
    assert why in page
    assert f"Link to {ours.title}" in page
    assert f"Link to {theirs.title}" in page_of(operator, UNLINKED)
    ours.refresh_from_db()
    assert ours.watcher_id is None

    answer = operator.post(
        reverse("watcher:link_organization", args=[theirs.pk]),
        {"organization": ours.pk, "next": f"{TENANTS}?state=unlinked"},
    )
    assert answer.headers["Location"] == f"{TENANTS}?state=unlinked"
    ours.refresh_from_db()
    assert ours.watcher_id == theirs.tenant_id
    assert "Remove link" in page_of(operator, TENANTS)
    assert f"Link to {theirs.title}" not in page_of(operator, UNLINKED)


def test_what_is_linked_or_gone_or_closed_is_not_proposed(operator: Client) -> None:
    PlatformOrganizationFactory.create(title="Gone", gone_at=SEEN_AT)
    PlatformOrganizationFactory.create(title="Taken", tenant_id="7")
    PlatformOrganizationFactory.create(title="Closed")
    OrganizationFactory.create(title="Gone")
    OrganizationFactory.create(title="taken", watcher_id="8")
    OrganizationFactory.create(title="closed", closed_on="2026-01-01", closed_at=SEEN_AT)

    assert "Link to" not in page_of(operator, TENANTS)
    assert "Link to" not in page_of(operator, UNLINKED)


def test_an_organization_can_be_chosen_by_its_title(operator: Client) -> None:
    theirs, ours = PlatformOrganizationFactory.create(), OrganizationFactory.create(title="Hafen")
    address = reverse("watcher:choose_organization", args=[theirs.pk])

    unknown = operator.post(address, {"title": "nobody"})
    assert "No organization has this title" in unknown.content.decode()
    operator.post(address, {"title": " hafen "})

    ours.refresh_from_db()
    assert ours.watcher_id == theirs.tenant_id


def test_a_link_that_contradicts_another_is_refused_in_words(operator: Client) -> None:
    theirs = PlatformOrganizationFactory.create()
    OrganizationFactory.create(title="Hafen", watcher_id=theirs.tenant_id)
    other = OrganizationFactory.create()

    answer = operator.post(
        reverse("watcher:link_organization", args=[theirs.pk]),
        {"organization": other.pk},
        follow=True,
    )

    assert "“Hafen” is linked to this organization in Watcher" in answer.content.decode()
    other.refresh_from_db()
    assert other.watcher_id is None


@pytest.mark.parametrize("sent", ["", "x", "-1", "9" * 30, "0"])
def test_nonsense_links_nothing(operator: Client, sent: str) -> None:
    theirs = PlatformOrganizationFactory.create()
    for name in ("watcher:link_organization", "watcher:unlink_organization"):
        answer = operator.post(reverse(name, args=[theirs.pk]), {"organization": sent})
        assert answer.status_code == 404


def test_links_are_removed(operator: Client) -> None:
    theirs = PlatformOrganizationFactory.create()
    ours = OrganizationFactory.create(watcher_id=theirs.tenant_id)

    operator.post(
        reverse("watcher:unlink_organization", args=[theirs.pk]), {"organization": ours.pk}
    )

    ours.refresh_from_db()
    assert ours.watcher_id is None


def test_lists_are_searched_and_filtered(support: Client) -> None:
    PlatformOrganizationFactory.create(title="Kühl AG", owner_login="kuehl")
    PlatformOrganizationFactory.create(title="Linked one", tenant_id="5")
    PlatformOrganizationFactory.create(title="Gone one", gone_at=SEEN_AT)
    OrganizationFactory.create(title="Ours", watcher_id="5")
    OrganizationFactory.create(title="Strange", watcher_id="unknown")

    for query, found in (
        ("q=kuhl", ["Kühl AG"]),
        ("state=linked", ["Linked one"]),
        ("state=unlinked", ["Kühl AG"]),
        ("state=gone", ["Gone one"]),
    ):
        page = page_of(support, f"{TENANTS}?{query}")
        shown = [each for each in ("Kühl AG", "Linked one", "Gone one") if each in page]
        assert shown == found, query
    page = page_of(support, UNLINKED)
    assert "Strange" in page
    assert "Watcher does not have this ID" in page
    assert "Ours" not in page


def test_a_tariff_is_proposed_for_a_preset_by_name_and_by_services(operator: Client) -> None:
    named = TariffFactory.create(name="30d")
    alike = TariffFactory.create(dvr_depth_days=7, dvr_space_gb=100, has_anpr=True)
    TariffFactory.create(dvr_depth_days=7, dvr_space_gb=100, has_anpr=False)
    by_name = PlatformPresetFactory.create(title="A month", external_id="30D")
    PlatformPresetFactory.create(
        title="A week", dvr_seconds=7 * 86_400, dvr_bytes=100 * 2**30, has_anpr=True
    )

    page = page_of(operator, PRESETS)

    assert f"Link to {named.name}" in page
    assert f"Link to {alike.name}" in page
    assert page.count("Link to") == 2
    assert not PresetLink.objects.exists()
    operator.post(
        reverse("watcher:link_preset", args=[by_name.pk]), {"tariff": named.pk, "shown": ""}
    )
    assert PresetLink.objects.get().tariff == named


def test_all_tariffs_without_a_preset_are_listed_on_pages(support: Client) -> None:
    for number in range(101):
        TariffFactory.create(name=f"Plan {number:03}")

    first = support.get(PRESETS).text
    assert "Plan 099" in first
    assert "Plan 100" not in first
    assert "1 to 100 of 101" in first
    assert "Plan 100" in support.get(PRESETS, {"plans": 2}).text


def test_tariffs_without_a_preset_are_listed(support: Client) -> None:
    link = PresetLinkFactory.create()
    lonely, archived = TariffFactory.create(), TariffFactory.create(is_archived=True)

    page = page_of(support, PRESETS).partition("Tariff plans that no preset means")[2]

    assert lonely.name in page
    assert archived.name not in page
    assert link.tariff.name not in page


def test_a_second_tab_does_not_overwrite_the_first(operator: Client) -> None:
    preset = PlatformPresetFactory.create()
    first, second = TariffFactory.create(), TariffFactory.create()
    address = reverse("watcher:link_preset", args=[preset.pk])
    operator.post(address, {"tariff": first.pk, "shown": ""})

    refused = operator.post(address, {"tariff": second.pk, "shown": ""})
    assert first.name in str(refused.context["form"].errors["tariff"])
    assert PresetLink.objects.get().tariff == first

    operator.post(address, {"tariff": second.pk, "shown": refused.context["shown"]})
    assert PresetLink.objects.get().tariff == second


@pytest.mark.parametrize(
    ("address", "make"),
    [
        (TENANTS, lambda: PlatformOrganizationFactory.create(owner_email="a@b.example")),
        (UNLINKED, OrganizationFactory.create),
        (PRESETS, PlatformPresetFactory.create),
    ],
)
def test_a_list_needs_as_many_queries_whatever_its_length(
    operator: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    address: str,
    make: Callable[[], object],
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    make()
    operator.get(address)
    with CaptureQueriesContext(connection) as few:
        operator.get(address)
    for _number in range(20):
        make()

    with django_assert_num_queries(len(few)):
        operator.get(address)
