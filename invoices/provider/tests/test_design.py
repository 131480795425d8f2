"""Tests of how documents look: what is chosen, its preview, and that issued documents keep it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from foundation.web.versions import EditedByOthers, version_of
from invoices.documents.archive import pdf_of
from invoices.documents.issued import document_of
from invoices.documents.pdf import pages_as_images, pdf
from invoices.documents.style import FONTS, ORIGINAL, Place, Style, contrast
from invoices.documents.tests.documents import an_invoice, as_credit_note
from invoices.documents.tests.test_payment_code import INVOICES
from invoices.documents.tests.test_pdf import SVG
from invoices.issuing.operations import cancel
from invoices.models import Design, Invoice
from invoices.provider.operations import change_design, stored_design
from invoices.provider.parties import provider_details, style_of
from invoices.provider.sample import sample_of
from invoices.tests.factories import IN_NOVEMBER, ProviderFactory, issued_invoice
from tests.pdf_tags import painted_without_tags, structure
from tests.poppler import poppler

ADDRESS = "/invoices/provider/design/"
PREVIEW = "/invoices/provider/design/preview/"
HTMX = {"HX-Request": "true"}
CHOSEN: dict[str, Any] = {
    "logo": "right",
    "accent": "#8a1c1c",
    "ink": "#101010",
    "font": "IBM Plex Serif",
    "footer": "centre",
    "numbers_pages": False,
}
STYLE = Style.of(CHOSEN)


def entries(**choices: Any) -> dict[str, Any]:
    """Return the form data that a browser sends for a page opened now."""
    shown = Design.objects.first() or Design()
    given = {**CHOSEN, "version": version_of(stored_design(shown)), **choices}
    return {name: value for name, value in given.items() if value is not False}


class TestStyle:
    @pytest.mark.parametrize(
        ("colour", "expected"),
        [("#000000", 19.39), ("#F4F6F8", 1.0), ("#767676", 4.19), ("#182433", 14.48)],
    )
    def test_contrast_is_that_of_wcag_with_the_shade_behind_payment_details(
        self, colour: str, expected: float
    ) -> None:
        assert contrast(colour) == pytest.approx(expected, abs=0.01)

    def test_the_original_style_is_stored_as_nothing(self) -> None:
        assert ORIGINAL.stored == {}
        assert Style.of({}) == ORIGINAL
        assert Style.of(STYLE.stored) == STYLE

    @pytest.mark.parametrize("font", FONTS)
    def test_each_font_that_can_be_chosen_is_installed_and_embedded(self, font: str) -> None:
        document = replace(an_invoice(language="ru"), style=Style(font=font))

        fonts = poppler("pdffonts", pdf(document), "-")

        assert font.replace(" ", "") in fonts

    def test_a_font_that_is_gone_is_replaced(self) -> None:
        document = replace(an_invoice(), style=Style(font="Gone Grotesk"))

        assert pages_as_images(document) == pages_as_images(an_invoice())

    @pytest.mark.parametrize("logo", Place)
    @pytest.mark.parametrize("footer", Place)
    def test_every_place_is_accessible(self, logo: Place, footer: Place) -> None:
        style = replace(STYLE, logo=logo, footer=footer, numbers_pages=True)
        document = replace(an_invoice(), logo=SVG, style=style)

        file = pdf(document)

        assert painted_without_tags(file) == []
        (figure,) = structure(file).all("Figure")
        left, _bottom, right, _top = (float(each) for each in figure.attributes["BBox"])
        assert {
            Place.LEFT: left == pytest.approx(56.7, abs=0.1),
            Place.CENTRE: (left + right) / 2 == pytest.approx(297.6, abs=0.1),
            Place.RIGHT: right == pytest.approx(538.6, abs=0.1),
        }[logo]

    def test_page_numbers_can_be_left_out(self) -> None:
        numbered = replace(an_invoice(), style=replace(STYLE, numbers_pages=True))
        unnumbered = replace(an_invoice(), style=STYLE)

        texts = [poppler("pdftotext", pdf(each), "-", "-") for each in (numbered, unnumbered)]

        assert ["Page 1 of 1" in each for each in texts] == [True, False]

    def test_colours_are_those_chosen(self) -> None:
        (page,) = pages_as_images(replace(an_invoice(), style=STYLE))

        assert b'"#8a1c1c"' in page
        assert b'"#101010"' in page
        assert b"#182433" not in page

    def test_a_swiss_payment_part_stays_black_and_without_serifs(self) -> None:
        fonts = poppler("pdffonts", pdf(replace(INVOICES["qrr"], style=STYLE)), "-")

        assert "NotoSans" in fonts
        assert "IBMPlexSerif" in fonts


@pytest.mark.django_db
class TestFreezing:
    def test_an_issued_document_keeps_the_design_of_its_day(self) -> None:
        ProviderFactory.create()
        change_design(shown=version_of(stored_design(Design())), **CHOSEN)
        invoice = issued_invoice()
        before = pdf(document_of(invoice))

        Design.objects.update(accent="#004400", font="Noto Sans")

        stored = Invoice.objects.get(pk=invoice.pk)
        assert stored.style == CHOSEN
        assert document_of(stored).style == STYLE
        assert pdf(document_of(stored)) == before == pdf_of(stored)

    def test_a_document_issued_without_a_design_looks_as_ever(self) -> None:
        invoice = issued_invoice()
        before = pages_as_images(document_of(invoice))

        change_design(shown=version_of(stored_design(Design())), **CHOSEN)

        stored = Invoice.objects.get(pk=invoice.pk)
        assert stored.style == {}
        assert pages_as_images(document_of(stored)) == before

    def test_a_credit_note_looks_as_the_invoice_that_it_cancels(self) -> None:
        invoice = issued_invoice()
        change_design(shown=version_of(stored_design(Design())), **CHOSEN)

        note = cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=invoice.issued_by)

        assert document_of(note).style == ORIGINAL

    def test_the_design_is_read_together_with_the_provider(self) -> None:
        Design.objects.create(provider=ProviderFactory.create(), **CHOSEN)

        with CaptureQueriesContext(connection) as queries:
            style = style_of(provider_details())

        assert style == STYLE
        assert len(queries) == 1

    @pytest.mark.parametrize(
        "wrong", [{"accent": "red"}, {"ink": "#ABCDEF"}, {"logo": "top"}, {"footer": ""}]
    )
    def test_the_database_refuses_what_is_no_design(self, wrong: dict[str, str]) -> None:
        provider = ProviderFactory.create()

        with pytest.raises(IntegrityError), transaction.atomic():
            Design.objects.create(provider=provider, **{**CHOSEN, **wrong})


@pytest.mark.django_db
class TestPage:
    def test_saves_what_is_chosen(self, operator_client: Client) -> None:
        ProviderFactory.create()

        answer = operator_client.post(ADDRESS, entries(), follow=True)

        assert "The design of documents was saved." in answer.content.decode()
        assert style_of(provider_details()) == STYLE
        history = operator_client.get("/invoices/provider/history/").content.decode()
        assert "#8a1c1c" in history

    @pytest.mark.parametrize(
        ("name", "value", "expected"),
        [
            ("accent", "#FFCC00", "is 1.3 to 1 instead of at least 4.5 to 1"),
            ("ink", "#767676", "is 4.1 to 1 instead of at least 4.5 to 1"),
            ("accent", "red", "Enter a colour such as #182433."),
            ("ink", "", "This field is required."),
            ("font", "Comic Sans", "Select a valid choice."),
            ("logo", "top", "Select a valid choice."),
        ],
    )
    def test_refuses_what_cannot_be_read_or_is_unknown(
        self, operator_client: Client, name: str, value: str, expected: str
    ) -> None:
        ProviderFactory.create()

        page = operator_client.post(ADDRESS, entries(**{name: value})).content.decode()
        preview = operator_client.get(
            PREVIEW, headers=HTMX, data=entries(**{name: value})
        ).content.decode()

        assert expected in page
        assert expected in preview
        assert "<img" not in preview
        assert not Design.objects.exists()

    def test_a_colour_is_stored_in_lower_case(self, operator_client: Client) -> None:
        ProviderFactory.create()

        operator_client.post(ADDRESS, entries(accent="#8A1C1C"))

        assert Design.objects.get().accent == "#8a1c1c"

    def test_what_somebody_else_has_changed_is_not_overwritten(
        self, operator_client: Client
    ) -> None:
        Design.objects.create(provider=ProviderFactory.create())
        opened = entries()
        Design.objects.update(font="Source Sans 3")

        page = operator_client.post(ADDRESS, opened).content.decode()

        assert "Nothing was saved" in page
        assert "Source Sans 3" in page
        assert Design.objects.get().font == "Source Sans 3"
        with pytest.raises(EditedByOthers):
            change_design(shown=opened["version"], **CHOSEN)

    def test_the_preview_follows_the_form(self, operator_client: Client) -> None:
        ProviderFactory.create()

        shown = operator_client.get(PREVIEW, headers=HTMX, data=entries()).content
        other = operator_client.get(PREVIEW, headers=HTMX, data=entries(accent="#004400")).content

        assert shown.count(b"data:image/svg+xml") == 1
        assert shown != other
        assert not Design.objects.exists()

    def test_the_preview_is_one_page_whatever_is_stored(
        self, operator_client: Client, django_assert_num_queries: Any
    ) -> None:
        ProviderFactory.create()
        given = entries()
        operator_client.get(PREVIEW, headers=HTMX, data=given)

        # The session, the person, the provider with its design, and two constraints, each of
        # which Django checks between savepoints.
        for _ in range(2):
            with django_assert_num_queries(3 + 2 * 3):
                answer = operator_client.get(PREVIEW, headers=HTMX, data=given)
            assert answer.content.count(b"<img") == 1
            issued_invoice()

    def test_a_provider_must_be_known_first(self, operator_client: Client) -> None:
        page = operator_client.get(ADDRESS).content.decode()
        posted = operator_client.post(ADDRESS, entries()).content.decode()

        assert "Enter them first" in page
        assert "Enter them first" in posted
        assert not Design.objects.exists()

    def test_the_sample_has_the_details_of_the_provider_and_no_code(self) -> None:
        provider = ProviderFactory.create()

        sample = sample_of(provider, STYLE, date(2026, 11, 3))

        assert sample.seller.name == provider.name
        assert sample.number == ""
        assert sample.payment_reference is None
        assert sample.total == sample.net * 6 / 5
        assert as_credit_note(sample).style == STYLE
