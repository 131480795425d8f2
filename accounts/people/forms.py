"""Forms about people."""

from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Role, User
from foundation.web.fields import LineField

# What invited people may become.
INVITED_ROLES = (Role.OPERATOR, Role.SUPPORT, Role.OWNER)


class _PersonForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class InviteForm(_PersonForm):
    """The address, name and role of a person to invite."""

    email = forms.EmailField(label=_("Email address"), max_length=254)
    name = LineField(label=pgettext_lazy("of a person", "Name"), max_length=150, required=False)
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(role.value, role.label) for role in INVITED_ROLES],
        initial=Role.OWNER,
        widget=forms.RadioSelect,
        help_text=_(
            "Operators can do everything, including changes to money. Support can look everything "
            "up. Owners see only their organizations."
        ),
    )

    def clean_email(self) -> str:
        """Refuse the address of an existing user, whatever their role and state."""
        email: str = User.objects.normalize_email(self.cleaned_data["email"])
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError(_("A user with this email address already exists."))
        return email


class NameForm(_PersonForm, forms.ModelForm):  # type: ignore[type-arg]
    """The name of a person."""

    class Meta:
        model = User
        fields = ("name",)
        field_classes: ClassVar = {"name": LineField}


class AddressForm(_PersonForm):
    """A new address for a person."""

    email = forms.EmailField(label=_("New email address"), max_length=254)
