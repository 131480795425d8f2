"""Tests of the notes of French invoices: the page, and what is issued and stored with them."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from invoices.documents import xml
from invoices.documents.issued import document_of
from invoices.documents.tests.rules import broken_rules
from invoices.issuing import operations
from invoices.issuing.drafts import drafts_of
from invoices.models import FrenchNotes, Invoice
from invoices.provider.french import PROPOSED
from invoices.provider.parties import provider_details
from invoices.tests.factories import (
    IN_NOVEMBER,
    OCTOBER,
    BilledOrganizationFactory,
    BilledUseFactory,
    ProviderFactory,
    issued_invoice,
)
from organizations.models import Organization
from organizations.tests.factories import a_tax

pytestmark = pytest.mark.django_db

ADDRESS = "/invoices/provider/france/"
IN_FRANCE: dict[str, Any] = {
    "name": "Vigie SAS",
    "postal_code": "13002",
    "city": "Marseille",
    "country": "FR",
    "tax_id": "FR83404833048",
}


def follow(**changed: Any) -> None:
    FrenchNotes.objects.create(pk=1, are_stated=True, **{**PROPOSED, **changed})


def french_customer(tax_number: str = "FR40552081317") -> Organization:
    tax = a_tax(percent=20)
    organization = BilledOrganizationFactory.create(
        details__country="FR",
        details__city="Paris",
        details__tax_number=tax_number,
        details__tax=tax,
    )
    BilledUseFactory.create(camera__organization=organization)
    return organization


def posted(client: Client, **changed: Any) -> Any:
    version = client.get(ADDRESS).context["version"]
    return client.post(
        ADDRESS, {"version": version, "are_stated": "on", **PROPOSED, **changed}, follow=True
    )


def test_the_page_proposes_what_the_law_says_and_saves_it(operator_client: Client) -> None:
    ProviderFactory.create(**IN_FRANCE)
    assert "French invoices" in operator_client.get("/invoices/provider/").text
    page = operator_client.get(ADDRESS)
    assert "Pas d’escompte pour paiement anticipé." in page.text
    assert ">History<" not in page.text

    answer = posted(operator_client, discount="Escompte de 2 % à 8 jours.")

    assert "The settings were saved." in answer.text
    stored = FrenchNotes.objects.get()
    assert stored.are_stated
    assert stored.discount == "Escompte de 2 % à 8 jours."
    assert ">History<" in operator_client.get(ADDRESS).text


def test_every_note_is_needed(operator_client: Client) -> None:
    ProviderFactory.create(**IN_FRANCE)

    page = posted(operator_client, recovery="")

    assert "French invoices must state this." in page.text
    assert not FrenchNotes.objects.exists()


def test_a_provider_elsewhere_cannot_follow_the_rules(operator_client: Client) -> None:
    ProviderFactory.create()
    assert "French invoices" not in operator_client.get("/invoices/provider/").text

    page = posted(operator_client)

    assert "This is for providers in France." in page.text
    assert not FrenchNotes.objects.exists()


def test_a_change_of_somebody_else_is_not_overwritten(operator_client: Client) -> None:
    ProviderFactory.create(**IN_FRANCE)
    version = operator_client.get(ADDRESS).context["version"]
    follow(discount="Theirs")

    page = operator_client.post(
        ADDRESS, {"version": version, "are_stated": "on", **PROPOSED, "discount": "Mine"}
    )

    assert page.context["conflict"]
    assert FrenchNotes.objects.get().discount == "Theirs"


def test_support_reads_them(support_client: Client) -> None:
    follow()

    page = support_client.get(ADDRESS)

    assert PROPOSED["recovery"] in page.text
    assert "<form" not in page.text.split("<main")[1].split("</main")[0]


def test_the_database_wants_all_notes_and_one_row() -> None:
    with pytest.raises(IntegrityError, match="invoices_french_notes_whole"):
        follow(discount="")


def test_an_invoice_between_french_companies_follows_the_rules_whatever_is_entered_later() -> None:
    ProviderFactory.create(**IN_FRANCE)
    follow()
    invoice = issued_invoice(french_customer())
    FrenchNotes.objects.update(are_stated=False)

    document = document_of(Invoice.objects.get(pk=invoice.pk))

    assert document.french is not None
    assert document.french.seller == "404833048"
    assert document.french.buyer == "552081317"
    assert dict(document.french.notes)["PMT"] == PROPOSED["recovery"]
    for syntax in ("cii", "ubl"):
        assert broken_rules(document, syntax, "france") == []
    note = operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER + timedelta(days=1), by=None)
    for syntax in ("cii", "ubl"):
        assert broken_rules(document_of(note), syntax, "france") == []


@pytest.mark.parametrize("tax_number", ["DE123456788", ""])
def test_without_a_siren_of_the_buyer_an_invoice_follows_en_16931(tax_number: str) -> None:
    ProviderFactory.create(**IN_FRANCE)
    follow()

    document = document_of(issued_invoice(french_customer(tax_number)))

    assert document.french is None
    assert b"PMT" not in xml.ubl(document)


def test_other_providers_read_no_notes() -> None:
    organization = french_customer()
    provider = ProviderFactory.create()
    follow()

    def queries() -> list[str]:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            drafts_of(
                organization=organization,
                period=OCTOBER,
                now=IN_NOVEMBER,
                provider=provider_details(),
            )
        return [each["sql"] for each in captured.captured_queries]

    assert not any("frenchnotes" in sql for sql in queries())
    for name, value in IN_FRANCE.items():
        setattr(provider, name, value)
    provider.save()
    assert sum("frenchnotes" in sql for sql in queries()) == 1
