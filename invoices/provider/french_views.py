"""The page on which the provider decides about the French rules, and its history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from crispy_forms.layout import Column, Row
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import signed_in, staff_only
from accounts.settings_pages import SettingsForm, edit_settings
from foundation.audit.history import HistoryPart, render_history
from foundation.web.field_values import details_of
from foundation.web.fields import LineField
from foundation.web.one_row import change_row, values_of
from invoices.documents.french import siren_of
from invoices.provider.french import PROPOSED
from invoices.provider.french_models import FrenchNotes
from invoices.provider.parties import provider_details, seller_of
from tariffs.forms import helper_with

NAMES = ("are_stated", *PROPOSED)
PARTS = (HistoryPart("invoices.FrenchNotesEvent"),)


class FrenchNotesForm(SettingsForm):
    """Whether invoices follow the French rules, and the notes that they then must state."""

    class Meta:
        model = FrenchNotes
        fields = NAMES
        field_classes: ClassVar = dict.fromkeys(PROPOSED, LineField)
        help_texts: ClassVar = {
            "are_stated": _("For invoices to companies in France whose SIREN is known."),
            "penalties": _("The rate, and that it is due without a reminder (article L441-10)."),
            "recovery": _("At least 40 euro for each late payment (article D441-5)."),
            "discount": _("Its conditions, or that none is granted (article L441-9)."),
        }

    def __init__(self, data: Mapping[str, Any] | None, *, instance: FrenchNotes) -> None:
        super().__init__(data, instance=instance)
        # Sentences need the whole width.
        notes = (Row(Column(name, css_class="col-12")) for name in PROPOSED)
        self.helper = helper_with("are_stated", *notes)

    def clean(self) -> dict[str, Any]:
        """Require the notes, and the provider's SIREN, if invoices are to follow the rules."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("are_stated"):
            return cleaned
        for name in PROPOSED:
            if name not in self.errors and not cleaned.get(name):
                self.add_error(name, gettext("French invoices must state this."))
        if not siren_of(seller_of(provider_details())):
            self.add_error(
                "are_stated",
                gettext(
                    "This is for providers in France. Enter your address there, and your VAT "
                    "number, SIREN or SIRET as tax ID, in the provider details first."
                ),
            )
        return cleaned


def _stored() -> FrenchNotes:
    return FrenchNotes.objects.first() or FrenchNotes(**PROPOSED)


def _change(*, shown: str, settings: Mapping[str, Any]) -> None:
    change_row(FrenchNotes, shown=shown, settings=settings)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def french_notes(request: HttpRequest) -> HttpResponse:
    """Show the notes of French invoices; operators can change them."""
    stored = _stored()
    if signed_in(request).is_operator:
        return edit_settings(
            request,
            FrenchNotesForm,
            instance=stored,
            stored=values_of(FrenchNotes.objects.first() or FrenchNotes(), NAMES),
            change=_change,
            parts=PARTS,
            template="invoices/french_notes.html",
            back_to="invoices:provider",
        )
    if request.method == "POST":
        raise PermissionDenied
    context = {"details": details_of(stored, NAMES), "has_history": not stored._state.adding}
    return render(request, "invoices/french_notes.html", context)


@require_safe
@staff_only
def french_notes_history(request: HttpRequest) -> HttpResponse:
    """Show the changes to the notes of French invoices and who made them."""
    return render_history(
        request,
        of=FrenchNotes,
        pk=1,
        parts=PARTS,
        up=(reverse("invoices:french_notes"), gettext("French invoices")),
    )
