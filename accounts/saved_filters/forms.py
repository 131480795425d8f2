"""The form of a saved filter."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.saved_filters.models import LONGEST_NAME
from foundation.web.fields import LineField


class FilterForm(forms.Form):
    """The name of a filter, and whether it is shared. Only staff can share filters."""

    name = LineField(label=pgettext_lazy("of a filter", "Name"), max_length=LONGEST_NAME)
    is_shared = forms.BooleanField(
        label=_("Share with colleagues"),
        required=False,
        help_text=_("All operators and support staff see it. Only you can change or delete it."),
    )

    def __init__(self, *args: Any, can_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not can_share:
            del self.fields["is_shared"]
        self.helper = FormHelper()
        self.helper.form_tag = False

    @property
    def values(self) -> dict[str, Any]:
        """The name and whether the filter is shared, of a valid form."""
        return {"is_shared": False, **self.cleaned_data}
