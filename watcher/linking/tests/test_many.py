"""Many organizations are linked at once: what leaves no doubt, after a person has seen it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import OwnerFactory
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from watcher.linking import clear, operations
from watcher.linking.clear import clear_proposals
from watcher.models import PlatformOrganization
from watcher.tests.factories import SEEN_AT, PlatformOrganizationFactory

pytestmark = pytest.mark.django_db
LIST, REVIEW = reverse("watcher:organizations"), reverse("watcher:link_proposed")


def proposed(*tenants: PlatformOrganization) -> list[tuple[str, str]]:
    """Return the titles of what leaves no doubt, there and here."""
    found = clear_proposals([each.pk for each in tenants], timezone.now())
    return [(pair.tenant.title, pair.organization.name) for pair in found.pairs]


def alike(*titles: str) -> list[PlatformOrganization]:
    """Make an organization here, and one of the same title in Watcher, of each title."""
    return [
        PlatformOrganizationFactory.create(title=OrganizationFactory.create(title=title).title)
        for title in titles
    ]


def review(client: Client, tenants: Sequence[PlatformOrganization]) -> dict[str, str]:
    """Select tenants, and return what the page that shows the proposals sends back."""
    query: dict[str, Any] = {"tenant": [each.pk for each in tenants], "next": LIST}
    page = client.get(REVIEW, query).text
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def linked() -> dict[str, str | None]:
    """Return the title here and the Watcher ID of what is linked."""
    rows = Organization.objects.filter(watcher_id__isnull=False)
    return dict(rows.values_list("title", "watcher_id"))


class TestDoubt:
    """What has a rival that is as likely is left out."""

    def test_a_contract_number_comes_before_a_title_and_that_before_an_owner(self) -> None:
        owner = OwnerFactory.create(email="ann@example.com")
        OrganizationFactory.create(title="First", contract_number="C-1", owner=owner)
        OrganizationFactory.create(title="Second", owner=owner)
        by_number = PlatformOrganizationFactory.create(title="Other", owner_external_id="C-1")
        by_title = PlatformOrganizationFactory.create(title="SECOND", owner_login=owner.email)

        assert proposed(by_number, by_title) == [("Other", "First"), ("SECOND", "Second")]

    def test_an_owner_of_several_organizations_leaves_doubt(self) -> None:
        owner = OwnerFactory.create(email="ann@example.com")
        OrganizationFactory.create_batch(2, owner=owner)
        tenant = PlatformOrganizationFactory.create(owner_login=owner.email)

        found = clear_proposals([tenant.pk], timezone.now())

        assert (found.pairs, found.unclear) == ([], 1)

    @pytest.mark.parametrize("selects_both", [True, False])
    def test_what_is_as_likely_another_tenant_leaves_doubt(self, selects_both: bool) -> None:
        OrganizationFactory.create(title="Harbour")
        tenants = PlatformOrganizationFactory.create_batch(2, title="Harbour")

        assert proposed(*tenants[: 2 if selects_both else 1]) == []

    def test_a_less_likely_rival_leaves_no_doubt(self) -> None:
        OrganizationFactory.create(title="Harbour", contract_number="C-1")
        likely = PlatformOrganizationFactory.create(title="Port", owner_external_id="C-1")
        less = PlatformOrganizationFactory.create(title="Harbour")

        assert proposed(likely, less) == [("Port", "Harbour")]

    def test_what_is_linked_gone_or_closed_is_passed_over(self) -> None:
        (taken,) = alike("Taken")
        Organization.objects.update(watcher_id=taken.tenant_id)
        (gone, closed) = alike("Gone", "Closed")
        PlatformOrganization.objects.filter(pk=gone.pk).update(gone_at=SEEN_AT)
        Organization.objects.filter(title="Closed").update(
            closed_on="2026-01-01", closed_at=SEEN_AT
        )

        found = clear_proposals([taken.pk, gone.pk, closed.pk], timezone.now())

        assert (found.pairs, found.unclear, found.without) == ([], 0, 1)

    def test_no_more_are_shown_than_are_linked_at_once(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(clear, "MOST_AT_ONCE", 3)
        monkeypatch.setattr(clear, "_AT_A_TIME", 2)
        tenants = alike(*"ABCDEF")

        found = clear_proposals([each.pk for each in tenants], timezone.now())

        assert [pair.tenant.title for pair in found.pairs] == ["A", "B", "C"]
        assert found.rest == 3


class TestPages:
    def test_what_was_shown_is_linked(self, operator_client: Client) -> None:
        tenants = alike("Harbour", "Yard")
        alike("Not selected")
        lonely = PlatformOrganizationFactory.create(title="Lonely")

        sent = review(operator_client, [*tenants, lonely])
        assert linked() == {}
        answer = operator_client.post(REVIEW, sent, follow=True)

        assert answer.redirect_chain == [(LIST, 302)]
        assert "2 organizations were linked." in answer.text
        assert linked() == {each.title: each.tenant_id for each in tenants}

    def test_the_page_says_what_is_left_out(self, operator_client: Client) -> None:
        tenants = alike("Harbour")
        doubtful = PlatformOrganizationFactory.create_batch(2, title="Twice")
        OrganizationFactory.create(title="Twice")
        lonely = PlatformOrganizationFactory.create_batch(3)
        ids = [each.pk for each in (*tenants, *doubtful, *lonely)]

        page = operator_client.get(REVIEW, {"tenant": ids}).text

        assert "1 organization would be linked" in page
        assert "2 organizations are left out, because others are as likely." in page
        assert "For 3 organizations nothing is proposed." in page

    def test_all_that_the_filter_finds_are_shown(self, operator_client: Client) -> None:
        alike(*(f"Gate {number}" for number in range(60)), "Yard")

        shown = operator_client.get(LIST, {"q": "gate"}).text
        assert "All 60 on all pages" in shown
        page = operator_client.get(REVIEW, {"q": "gate", "all": "1"}).text

        assert "60 organizations would be linked" in page
        assert "Yard" not in page

    def test_nothing_is_linked_that_was_not_shown(self, operator_client: Client) -> None:
        tenants = alike("Harbour", "Yard")
        sent = review(operator_client, tenants)
        other = OrganizationFactory.create(title="Quay")
        Organization.objects.filter(title="Yard").update(title="Former yard")
        Organization.objects.filter(pk=other.pk).update(title="Yard")

        page = operator_client.post(REVIEW, sent).text

        assert "Nothing was linked: check again what would be." in page
        assert linked() == {}

    def test_only_what_has_a_proposal_can_be_selected(self, operator_client: Client) -> None:
        tenants = alike("Harbour")
        lonely = PlatformOrganizationFactory.create(title="Lonely")

        page = operator_client.get(LIST).text

        assert f'name="tenant" value="{tenants[0].pk}"' in page
        assert f'name="tenant" value="{lonely.pk}"' not in page

    def test_support_selects_nothing(self, support_client: Client) -> None:
        alike("Harbour")

        assert 'name="tenant"' not in support_client.get(LIST).text

    def test_nothing_selected_is_said(self, operator_client: Client) -> None:
        answer = operator_client.get(REVIEW, follow=True)

        assert "Select between 1 and 10,000 organizations." in answer.text

    def test_a_page_needs_as_many_queries_whatever_is_selected(
        self, operator_client: Client
    ) -> None:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        def queries(tenants: Sequence[PlatformOrganization]) -> int:
            with CaptureQueriesContext(connection) as captured:
                operator_client.get(REVIEW, {"tenant": [each.pk for each in tenants]})
            return len(captured)

        tenants = alike(*"ABCDEFGH")
        queries(tenants)

        assert queries(tenants) == queries(tenants[:1])


class TestOperation:
    def test_all_are_linked_or_none(self) -> None:
        tenants = alike("Harbour", "Yard")
        ours = {each.title: each.pk for each in Organization.objects.all()}
        pairs = {each.pk: ours[each.title] for each in tenants}
        Organization.objects.filter(title="Yard").update(watcher_id="other")

        with pytest.raises(operations.OrganizationTaken, match="other"):
            operations.link_organizations(pairs)

        assert linked() == {"Yard": "other"}

    def test_a_tenant_of_another_is_refused(self) -> None:
        (tenant,) = alike("Harbour")
        OrganizationFactory.create(title="Quay", watcher_id=tenant.tenant_id)
        ours = Organization.objects.get(title="Harbour")

        with pytest.raises(operations.TenantTaken, match="Quay"):
            operations.link_organizations({tenant.pk: ours.pk})

    def test_what_was_deleted_is_refused(self) -> None:
        (tenant,) = alike("Harbour")

        with pytest.raises(operations.GoneFromPlatform):
            operations.link_organizations({tenant.pk: 0})
