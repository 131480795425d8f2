"""Forms for sign-in and passwords."""

from contextlib import suppress
from typing import Any, cast

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.sign_in.mails import TooManyMails, request_mail
from accounts.sign_in.models import SignInMailKind
from foundation.web.time_zones import time_zone_choices


def _dress(form: forms.Form) -> None:
    """Focus the first field, and remove allauth's placeholders, which repeat the labels."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    next(iter(form.fields.values())).widget.attrs["autofocus"] = True


class SignInForm(LoginForm):
    """Email and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Email address")
        # Browsers look for this when they offer saved credentials.
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].help_text = ""
        _dress(self)


class ForgottenPasswordForm(ResetPasswordForm):
    """The address that a reset link is sent to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Email address")
        _dress(self)

    def clean_email(self) -> str:
        """Accept any address. A job finds out whose it is, so that no answer depends on that."""
        email: str = User.objects.normalize_email(self.cleaned_data["email"])
        return email

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Request a mail to the address, unless it was sent as many as it gets in an hour."""
        email: str = self.cleaned_data["email"]
        with suppress(TooManyMails):
            request_mail(
                SignInMailKind.PASSWORD_RESET,
                email=email,
                person=None,
                now=timezone.now(),
                by=None,
            )
        return email


class NewPasswordForm(ResetPasswordKeyForm):
    """A new password for a person who forgot the old one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("New password")
        self.fields["password2"].label = _("Confirm new password")
        _dress(self)


class PasswordChangeForm(ChangePasswordForm):
    """The current password and the new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Current password")
        self.fields["password1"].label = _("New password")
        self.fields["password2"].label = _("Confirm new password")
        _dress(self)


class FirstPasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    """The first password of a person who activates an account."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = _("Password")
        self.fields["new_password2"].label = _("Confirm password")
        self.fields["new_password2"].help_text = ""
        _dress(self)


class TimeZoneForm(forms.Form):
    """The time zone of a person's pages; an empty choice is the provider's."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"), required=False, widget=forms.Select(attrs={"data-select": ""})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = gettext("The provider’s (%(zone)s)") % {"zone": settings.TIME_ZONE}
        zone = cast(forms.ChoiceField, self.fields["time_zone"])
        kept = [self.initial["time_zone"]] if self.initial.get("time_zone") else []
        zone.choices = [("", own), *time_zone_choices(*kept)]
        self.helper = FormHelper()
        self.helper.form_tag = False
