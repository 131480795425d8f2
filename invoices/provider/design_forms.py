"""The form of how documents look."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_DOWN, Decimal
from typing import Any, ClassVar, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from invoices.documents.style import MIN_CONTRAST, Style, contrast
from invoices.provider.models import Design
from invoices.provider.operations import DesignChoices

_COLOUR = re.compile("#[0-9a-f]{6}")


class ColourField(forms.CharField):
    """The colour of a text on paper, for example `#182433`."""

    widget = forms.ColorInput(attrs={"class": "form-control-color"})

    def clean(self, value: Any) -> str:
        """Return the colour in lower case.

        Raises:
            ValidationError: it is not a colour, or too pale to be read on paper.
        """
        colour: str = super().clean(value).lower()
        if not _COLOUR.fullmatch(colour):
            raise forms.ValidationError(_("Enter a colour such as #182433."))
        found = contrast(colour)
        if found < MIN_CONTRAST:
            shown = Decimal(found).quantize(Decimal("0.1"), ROUND_DOWN)
            raise forms.ValidationError(
                _(
                    "This colour is too pale to be read: its contrast is %(found)s to 1 instead of "
                    "at least %(least)s to 1. Choose a darker colour."
                ),
                params={"found": number_format(shown), "least": number_format(MIN_CONTRAST)},
            )
        return colour


class DesignForm(forms.ModelForm):  # type: ignore[type-arg]
    """How future documents look."""

    class Meta:
        model = Design
        fields = tuple(DesignChoices.__annotations__)
        field_classes: ClassVar = {"accent": ColourField, "ink": ColourField}
        help_texts: ClassVar = {
            "accent": _("Titles, table rules and the total."),
            "font": _("Characters that it lacks are taken from Noto."),
            "footer": _("Page numbers stand on the other side, or beside centred text."),
        }

    def __init__(self, data: Mapping[str, Any] | None, *, instance: Design) -> None:
        super().__init__(data, instance=instance)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "logo",
            Row(Column("accent", css_class="col-sm"), Column("ink", css_class="col-sm")),
            "font",
            "footer",
            "numbers_pages",
        )

    @property
    def choices(self) -> DesignChoices:
        """The values of a valid form."""
        return cast(DesignChoices, {name: self.cleaned_data[name] for name in self.Meta.fields})

    @property
    def style(self) -> Style:
        """The style that a valid form describes."""
        return Style.of(self.choices)
