"""Forms of the connection, and of what it may do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar, cast
from urllib.parse import urlsplit

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from foundation.web.fields import LineField
from watcher.connection.models import DIRECTIONS, ApiVersion, Connection, SignInKind
from watcher.connection.operations import ConnectionDetails, possible_directions

LOOPBACK = ("localhost", "127.0.0.1", "::1")
_BASE = RegexValidator(
    r"^(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+$",
    _("Enter a path that begins with / and does not end with it, such as /vsaas/api/v2."),
)
_KEY = re.compile(r"[!-~]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class AddressField(LineField):
    """The scheme, host and port of a server: `https`, or `http` on this machine alone."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=200, **kwargs)

    def clean(self, value: Any) -> str:
        """Return the address in lower case, without a slash at the end.

        Raises:
            ValidationError: it has other parts, or passwords would be sent unencrypted.
        """
        text = super().clean(value)
        if not text:
            return ""
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError:
            raise forms.ValidationError(_ADDRESS_RULE) from None
        host = parts.hostname or ""
        if parts.scheme not in ("http", "https") or not re.fullmatch(r"[a-z0-9.:-]+", host):
            raise forms.ValidationError(_ADDRESS_RULE)
        if parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc:
            raise forms.ValidationError(_ADDRESS_RULE)
        if parts.scheme == "http" and host not in LOOPBACK:
            raise forms.ValidationError(
                _("Passwords are only sent encrypted. Enter an address that begins with https://.")
            )
        named = f"[{host}]" if ":" in host else host
        return f"{parts.scheme}://{named}" + (f":{port}" if port else "")


_ADDRESS_RULE = _(
    "Enter only the scheme and the host, such as https://watcher.example.com. Paths have fields "
    "of their own below."
)


class ConnectionForm(forms.ModelForm):  # type: ignore[type-arg]
    """Where Watcher is, and how to sign in. An empty password keeps the stored one."""

    address = AddressField(
        label=_("Address"),
        widget=forms.URLInput(attrs={"placeholder": "https://watcher.example.com"}),
    )
    secret = forms.CharField(
        label=_("Password or key"),
        required=False,
        strip=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    is_same_watcher = forms.BooleanField(
        label=_("The same Watcher is at the new address"),
        required=False,
        help_text=_(
            "Tick it only if organizations, presets and cameras there have the IDs that they had "
            "at the old address."
        ),
    )

    class Meta:
        model = Connection
        fields = tuple(ConnectionDetails.__annotations__)
        field_classes: ClassVar = dict.fromkeys(
            ("client_base", "admin_base", "v2_base", "login"), LineField
        )
        help_texts: ClassVar = {
            "admin_base": _(
                "Leave it empty if the service user is not an administrator of Watcher. Then only "
                "organizations that it is a member of are seen."
            ),
            "pause_ms": _("0 to 10,000. Watcher gets at most four calls at once from a process."),
            "sign_in": _("API v3 knows only logins and passwords."),
        }

    def __init__(
        self, data: Mapping[str, Any] | None, *, instance: Connection, asks_whether_same: bool
    ) -> None:
        super().__init__(data, instance=instance)
        is_stored = not instance._state.adding
        self.fields["secret"].help_text = (
            _("Stored encrypted and never shown. Leave it empty to keep the present one.")
            if is_stored
            else _("Stored encrypted and never shown.")
        )
        for name in ("client_base", "admin_base", "v2_base"):
            self.fields[name].validators.append(_BASE)
        # Only asked once it matters, and then answered with the form that is sent again.
        if not (asks_whether_same or (data or {}).get("is_same_watcher")):
            del self.fields["is_same_watcher"]
        self.helper = _helper(*("is_same_watcher",) * ("is_same_watcher" in self.fields))

    def clean(self) -> dict[str, Any]:
        """Check the fields that depend on each other."""
        cleaned = super().clean() or {}
        kind, login, secret = (cleaned.get(name, "") for name in ("sign_in", "login", "secret"))
        if cleaned.get("api_version") != ApiVersion.V2 and kind != SignInKind.PASSWORD:
            self.add_error("sign_in", _("API v3 needs a login and password."))
        if kind != SignInKind.SYSTEM_KEY and not login and "login" not in self.errors:
            self.add_error("login", _("Enter the login of the service user."))
        if kind == SignInKind.PASSWORD and ":" in login:
            self.add_error("login", _("A login with a colon cannot be sent. Use another user."))
        if kind == SignInKind.SYSTEM_KEY:
            cleaned["login"] = ""
        if kind != SignInKind.PASSWORD and secret and not _KEY.fullmatch(secret):
            self.add_error("secret", _("A key has only letters, digits and signs, and no spaces."))
        elif _CONTROL.search(secret):
            self.add_error("secret", _("Enter a single line without control characters."))
        return cleaned

    @property
    def details(self) -> ConnectionDetails:
        """The values of a valid form."""
        return cast(
            ConnectionDetails,
            {name: self.cleaned_data[name] for name in ConnectionDetails.__annotations__},
        )


class DirectionsForm(forms.ModelForm):  # type: ignore[type-arg]
    """What the connection may do; only what its version can do is offered."""

    class Meta:
        model = Connection
        fields = DIRECTIONS
        help_texts: ClassVar = {
            "reads": _("Nothing is changed in Watcher. Start with this alone."),
            "writes_presets": _("Tariff plans become presets."),
            "writes_organizations": _("Organizations are created, renamed and limited."),
            "writes_users": _("Owners get a user, which is blocked and unblocked."),
            "writes_cameras": _("Cameras get presets, and are disabled and enabled."),
            "suspends": _("Suspending an organization here also suspends it in Watcher."),
            "signs_on": _("Owners are signed in to Watcher from their pages here."),
            "sends_messages": _("Operators can send owners reminders that Watcher shows."),
        }

    def __init__(self, data: Mapping[str, Any] | None, *, instance: Connection) -> None:
        super().__init__(data, instance=instance)
        for name in set(DIRECTIONS) - set(possible_directions(instance)):
            self.fields[name].disabled = True
            self.fields[name].help_text = _("This version of the API cannot do it.")
        self.helper = FormHelper()
        self.helper.form_tag = False

    @property
    def directions(self) -> dict[str, bool]:
        """The values of a valid form."""
        return {name: self.cleaned_data[name] for name in DIRECTIONS}


def _section(title: Any, *fields: Any) -> Fieldset:
    return Fieldset(title, *fields, css_class="form-section")


def _helper(*asked: str) -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.layout = Layout(
        _section(_("Watcher"), "address", *asked, "api_version"),
        _section(
            _("Service user"),
            "sign_in",
            Row(Column("login", css_class="col-sm"), Column("secret", css_class="col-sm")),
        ),
        _section(_("Paths and pace"), "client_base", "admin_base", "v2_base", "pause_ms"),
    )
    return helper
