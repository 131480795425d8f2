"""Tests of profiles from billing details to stored invoices: blockers, references, mails, files."""

from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pypdf
import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import User
from invoices.documents import xml
from invoices.documents.archive import pdf_of
from invoices.documents.issued import document_of
from invoices.documents.references import NO_REFERENCES, References
from invoices.documents.tests.schematron import violations
from invoices.issuing import operations, refusals, settling
from invoices.issuing.drafts import drafts_of
from invoices.models import Invoice
from invoices.provider.models import Provider
from invoices.provider.parties import missing_for_profile, provider_details
from invoices.sending import deliveries
from invoices.tests.factories import (
    IN_NOVEMBER,
    OCTOBER,
    BilledOrganizationFactory,
    BilledUseFactory,
    ProviderFactory,
)
from organizations.billing.profiles import Profile
from organizations.models import Organization
from organizations.tests.factories import OneOffChargeFactory
from rating.periods import Period
from tariffs.tests.factories import TariffFactory, TariffPriceFactory
from usage.cameras.operations import disconnect

pytestmark = pytest.mark.django_db

READY = {
    "contact_name": "Accounts",
    "contact_phone": "+49 30 901820",
    "endpoint": "DE123456788",
    "endpoint_scheme": "9930",
}
GERMAN = {
    "details__profile": Profile.XRECHNUNG_CII.value,
    "details__buyer_reference": "991-03730-19",
    "details__endpoint": "991-03730-19",
    "details__endpoint_scheme": "0204",
}
BELGIAN = {
    "details__profile": Profile.PEPPOL.value,
    "details__country": "BE",
    "details__tax_number": "BE0403170701",
    "details__endpoint": "0403170701",
    "details__endpoint_scheme": "0208",
    "details__order_reference": "PO-7",
}


def an_organization(**fields: object) -> Organization:
    organization: Organization = BilledOrganizationFactory.create(**fields)
    BilledUseFactory.create(camera__organization=organization)
    return organization


def issue(organization: Organization, own: References = NO_REFERENCES) -> Invoice:
    (invoice,) = operations.issue(
        organization_id=organization.pk, period=OCTOBER, now=IN_NOVEMBER, by=None, own=own
    )
    return Invoice.objects.get(pk=invoice.pk)


def missing(organization: Organization, period: Period = OCTOBER) -> list[str]:
    drafts = drafts_of(
        organization=organization, period=period, now=IN_NOVEMBER, provider=provider_details()
    )
    (refusal,) = drafts.blockers
    assert isinstance(refusal, refusals.DetailsMissing)
    return list(refusal.missing)


def test_what_xrechnung_requires_blocks_issuing() -> None:
    ProviderFactory.create(postal_code="")
    organization = an_organization(
        details__profile=Profile.XRECHNUNG_UBL.value,
        details__postal_code="",
        billing_email="",
        contract_number="2026/17",
    )

    assert missing(organization) == [
        "provider.contact_name",
        "provider.contact_phone",
        "provider.postal_code",
        "organization.postal_code",
        "organization.endpoint",
        "organization.buyer_reference",
    ]
    with pytest.raises(
        refusals.DetailsMissing, match="Contact person or department \\(provider\\)"
    ):
        issue(organization)


def test_what_peppol_requires_blocks_issuing() -> None:
    ProviderFactory.create()
    organization = an_organization(details__profile=Profile.PEPPOL.value)

    assert missing(organization) == [
        "provider.endpoint",
        "organization.endpoint",
        "organization.buyer_reference",
    ]


def test_peppol_is_refused_to_greek_providers() -> None:
    ProviderFactory.create(country="GR", tax_id="EL094259216", **READY)
    organization = an_organization(**BELGIAN)

    with pytest.raises(refusals.ProfileNotForSeller, match="Peppol BIS Billing 3"):
        issue(organization)


def test_the_preview_links_to_each_field(client: Client, operator: User) -> None:
    ProviderFactory.create()
    organization = an_organization(details__profile=Profile.PEPPOL.value)
    client.force_login(operator)

    page = client.get(
        f"/organizations/{organization.pk}/invoices/issue/",
        {"from": "2026-10-01", "to": "2026-10-31"},
    ).content.decode()

    assert "/invoices/provider/e-invoicing/?next=" in page
    assert "#id_endpoint" in page
    assert "#id_buyer_reference" in page


@pytest.mark.parametrize("profile", [Profile.EN16931, Profile.FACTUR_X])
def test_other_profiles_require_nothing_more(profile: Profile) -> None:
    organization = an_organization(details__profile=profile.value)
    stated = organization.billing_details.get()

    assert missing_for_profile(Provider(), organization, stated) == []  # type: ignore[arg-type]


def test_a_german_public_body_gets_xrechnung() -> None:
    ProviderFactory.create(**READY)
    organization = an_organization(contract_number="2026/17", **GERMAN)

    invoice = issue(organization)
    document = document_of(invoice)

    assert document.profile is Profile.XRECHNUNG_CII
    assert document.references == References(buyer_reference="991-03730-19")
    assert violations(xml.stated(document), document.profile) == []
    attached = pypdf.PdfReader(BytesIO(pdf_of(invoice))).attachments
    assert attached == {"xrechnung.xml": [xml.cii(document)]}
    assert b"<fx:ConformanceLevel>XRECHNUNG<" in pdf_of(invoice)


def test_a_belgian_company_gets_peppol_by_mail() -> None:
    ProviderFactory.create(**READY)
    organization = an_organization(billing_email="facturen@example.org", **BELGIAN)

    invoice = issue(organization)
    document = document_of(invoice)
    delivery = invoice.deliveries.get()
    deliveries.send(delivery_ids=[delivery.pk], now=timezone.now())

    assert violations(xml.stated(document), document.profile) == []
    # No reader expects UBL in a PDF.
    assert pypdf.PdfReader(BytesIO(pdf_of(invoice))).attachments == {}
    (sent,) = mail.outbox
    files = {part.get_filename(): part for part in sent.message().walk() if part.get_filename()}
    assert {*files} == {"INV-2026-000001.pdf", "INV-2026-000001.xml"}
    assert files["INV-2026-000001.xml"].get_payload(decode=True) == xml.ubl(document)


def test_plain_documents_are_mailed_without_a_file_of_xml() -> None:
    ProviderFactory.create()
    organization = an_organization(billing_email="invoices@example.org")

    invoice = issue(organization)
    deliveries.send(delivery_ids=[invoice.deliveries.get().pk], now=timezone.now())

    assert invoice.references == {}
    (sent,) = mail.outbox
    assert [part.get_filename() for part in sent.message().walk() if part.get_filename()] == [
        "INV-2026-000001.pdf"
    ]


def test_a_single_invoice_has_references_of_its_own() -> None:
    ProviderFactory.create(**READY)
    organization = an_organization(**BELGIAN, details__project_reference="Quay")

    own = References(order="PO-8")
    invoice = issue(organization, own=own)

    assert document_of(invoice).references == References(order="PO-8", project="Quay")
    credit_note = operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)
    credited = document_of(Invoice.objects.get(pk=credit_note.pk))
    assert credited.references == document_of(invoice).references
    assert credited.profile is Profile.PEPPOL
    assert violations(xml.stated(credited), credited.profile) == []


def test_an_order_of_a_single_invoice_is_enough_for_peppol() -> None:
    ProviderFactory.create(**READY)
    organization = an_organization(**(BELGIAN | {"details__order_reference": ""}))

    assert missing(organization) == ["organization.buyer_reference"]
    assert document_of(issue(organization, own=References(order="PO-9"))).references.order == "PO-9"


def test_the_page_issues_what_its_preview_showed(client: Client, operator: User) -> None:
    ProviderFactory.create(**READY)
    organization = an_organization(**BELGIAN)
    client.force_login(operator)
    path = f"/organizations/{organization.pk}/invoices/issue/"
    asked = {"from": "2026-10-01", "to": "2026-10-31", "order": "PO-10", "project": "Pier"}

    preview = client.get(path, asked)
    (draft,) = preview.context["drafts"].drafts
    without = {**asked, "order": "", "shown": f"EUR:{draft.version}"}
    client.post(path, without)
    assert not Invoice.objects.exists()
    client.post(path, {**asked, "shown": f"EUR:{draft.version}"})

    assert 'name="order" value="PO-10"' in preview.content.decode()
    references = document_of(Invoice.objects.get()).references
    assert (references.order, references.project) == ("PO-10", "Pier")


def test_amounts_that_a_profile_cannot_state_are_refused_by_name() -> None:
    ProviderFactory.create(**READY)
    organization: Organization = BilledOrganizationFactory.create(**BELGIAN)
    dinars = TariffFactory.create(currency="KWD")
    TariffPriceFactory.create(tariff=dinars, amount=Decimal("1.071"))
    BilledUseFactory.create(camera__organization=organization, tariff=dinars)

    with pytest.raises(refusals.NotStatable, match=r"Peppol BIS Billing 3 .* KWD"):
        issue(organization)
    assert not Invoice.objects.exists()
    # Another currency is issued.
    BilledUseFactory.create(camera__organization=organization)
    assert issue(organization).currency == "EUR"


def test_plain_documents_in_such_amounts_are_issued_without_xml() -> None:
    ProviderFactory.create()
    organization: Organization = BilledOrganizationFactory.create()
    dinars = TariffFactory.create(currency="KWD")
    TariffPriceFactory.create(tariff=dinars, amount=Decimal("1.071"))
    BilledUseFactory.create(camera__organization=organization, tariff=dinars)

    assert not xml.can_state(document_of(issue(organization)))


def test_the_page_of_a_document_offers_the_syntaxes_of_its_profile(
    client: Client, operator: User
) -> None:
    ProviderFactory.create(**READY)
    invoice = issue(an_organization(**BELGIAN))
    client.force_login(operator)

    page = client.get(f"/invoices/{invoice.pk}/").content.decode()

    assert f"/invoices/{invoice.pk}.ubl.xml" in page
    assert f'/invoices/{invoice.pk}.xml"' not in page
    assert client.get(f"/invoices/{invoice.pk}.xml").status_code == 404
    ubl = client.get(f"/invoices/{invoice.pk}.ubl.xml").content
    assert violations(ubl, Profile.PEPPOL) == []


def test_an_invoice_for_one_off_charges_has_references_of_its_own_too(
    client: Client, operator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: IN_NOVEMBER)
    ProviderFactory.create(**READY)
    organization: Organization = BilledOrganizationFactory.create(**BELGIAN)
    charge = OneOffChargeFactory.create(organization=organization)
    client.force_login(operator)
    path = f"/organizations/{organization.pk}/invoices/one-off/"
    asked: dict[str, Any] = {"charge": [charge.pk], "order": "PO-11", "project": ""}

    preview = client.get(path, asked)
    (draft,) = preview.context["ready"]
    client.post(path, {**asked, "shown": f"EUR:{draft.version}"})

    document = document_of(Invoice.objects.get())
    assert (document.references.order, document.profile) == ("PO-11", Profile.PEPPOL)
    assert violations(xml.stated(document), document.profile) == []


def test_a_correction_that_a_profile_cannot_state_is_not_settled() -> None:
    """An invoice in whole dinars can differ by an amount with three decimals later."""
    ProviderFactory.create(**READY)
    organization: Organization = BilledOrganizationFactory.create(**BELGIAN)
    dinars = TariffFactory.create(currency="KWD")
    TariffPriceFactory.create(tariff=dinars, amount=Decimal(100))
    use = BilledUseFactory.create(camera__organization=organization, tariff=dinars)
    invoice = issue(organization)
    assert violations(xml.ubl(document_of(invoice)), Profile.PEPPOL) == []
    middle = datetime(2026, 10, 12, 9, tzinfo=UTC)
    disconnect(organization_id=organization.pk, use_ids=[use.pk], at=middle, now=IN_NOVEMBER)

    settlements = settling.settlements_of(settling.invoices_to_settle([invoice.pk]), IN_NOVEMBER)
    shown = {each.invoice.pk: each.version for each in settlements}

    with pytest.raises(refusals.NotStatable):
        settling.settle_now(invoice_ids=[invoice.pk], now=IN_NOVEMBER, by=None, shown=shown)
    assert Invoice.objects.count() == 1
