"""The form that adds a member or changes a role."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from organizations.forms import OwnerField
from organizations.members.models import MemberRole


class MemberForm(forms.Form):
    """A person, by address, and their role in the organization."""

    user = OwnerField(
        label=_("Person"),
        help_text=_(
            "Enter part of an email address or name. Invite new people first, as owners. To change "
            "a member’s role, enter them again."
        ),
        error_messages={
            "unknown": _(
                "No owner has this address. Under People, invite this person as an owner first."
            )
        },
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=MemberRole.choices,
        initial=MemberRole.READER,
        widget=forms.RadioSelect,
        help_text=_(
            "Readers see cameras and usage with its charges. Owners also see invoices, payments, "
            "what is owed, billing details, and everybody who has access. Neither can change "
            "anything."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False

    @property
    def chosen_role(self) -> MemberRole:
        """The role of a valid form."""
        return MemberRole(self.cleaned_data["role"])
