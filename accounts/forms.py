"""Forms of signing in and of passwords."""

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.utils.translation import gettext_lazy as _


def _dress(form: forms.Form) -> None:
    """Focus the first field, and drop allauth's placeholders, which repeat the labels."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    next(iter(form.fields.values())).widget.attrs["autofocus"] = True


class SignInForm(LoginForm):
    """Email and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Email address")
        # A browser that offers saved sign-ins looks for this.
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].help_text = ""
        _dress(self)


class ForgottenPasswordForm(ResetPasswordForm):
    """The address to which a link is sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Email address")
        _dress(self)


class NewPasswordForm(ResetPasswordKeyForm):
    """The password of a person who forgot theirs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("New password")
        self.fields["password2"].label = _("Confirm new password")
        _dress(self)


class OtherPasswordForm(ChangePasswordForm):
    """The present password and the one to come."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Current password")
        self.fields["password1"].label = _("New password")
        self.fields["password2"].label = _("Confirm new password")
        _dress(self)


class FirstPasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    """The password of a person who activates."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = _("Password")
        self.fields["new_password2"].label = _("Confirm password")
        self.fields["new_password2"].help_text = ""
        _dress(self)
