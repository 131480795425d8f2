"""Tests of the history of runs and of what they leave out."""

from datetime import date

import pytest
from django.test import Client

from invoices.models import InvoiceRun
from invoices.tests.factories import IN_NOVEMBER
from organizations.tests.factories import OrganizationFactory

pytestmark = pytest.mark.django_db

ADDRESS = "/invoices/runs/2026-10/"


def test_an_exclusion_shows_in_the_history_of_the_organization_and_of_the_run(
    operator_client: Client,
) -> None:
    excluded = OrganizationFactory.create(title="Excluded Ltd")
    other = OrganizationFactory.create(title="Other Ltd")
    InvoiceRun.objects.create(month=date(2026, 10, 1), started_at=IN_NOVEMBER)

    for action in ("exclude", "include"):
        operator_client.post(f"{ADDRESS}{action}/", {"organization": [excluded.pk]})

    own = operator_client.get(f"/organizations/{excluded.pk}/history/").text
    assert own.count("Exclusion from an invoice run") == 2
    assert "October 2026" in own
    of_run = operator_client.get(f"{ADDRESS}history/").text
    assert of_run.count("Excluded Ltd") >= 2
    assert "Other Ltd" not in of_run
    others = operator_client.get(f"/organizations/{other.pk}/history/").text
    assert "Exclusion from an invoice run" not in others
