"""The references that a person enters for a single invoice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.web.fields import LineField
from invoices.documents.references import NO_REFERENCES, References


class OwnReferencesForm(forms.Form):
    """The purchase order and the project of one invoice, instead of the organization's."""

    order = LineField(label=_("Purchase order"), max_length=100, required=False)
    project = LineField(label=_("Project"), max_length=100, required=False)

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Row(Column("order", css_class="col-sm"), Column("project", css_class="col-sm"))
        )

    @property
    def references(self) -> References:
        """What was entered; nothing if it is not valid."""
        return References(**self.cleaned_data) if self.is_valid() else NO_REFERENCES
