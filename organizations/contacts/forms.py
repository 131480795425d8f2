"""The form for a contact."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from organizations.contacts.models import Contact
from organizations.contacts.operations import ContactFields


class ContactForm(forms.ModelForm):  # type: ignore[type-arg]
    """All values of a contact."""

    class Meta:
        model = Contact
        fields = tuple(ContactFields.__annotations__)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["telephone"].widget.input_type = "tel"
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean(self) -> dict[str, Any]:
        """Refuse to send something without an address."""
        cleaned = super().clean() or {}
        receives = cleaned.get("receives_invoices") or cleaned.get("receives_reminders")
        if receives and "email" in cleaned and not cleaned["email"]:
            self.add_error("email", _("Enter the address to send this to."))
        return cleaned
