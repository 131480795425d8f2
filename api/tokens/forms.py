"""The form of a new token."""

from __future__ import annotations

from datetime import datetime, timedelta
from ipaddress import ip_network
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from api.tokens.models import TokenKind
from api.tokens.scopes import KINDS, READ, allowed_scopes
from foundation.web.fields import DateField, LineField
from organizations.models import Organization
from rating.periods import ONE_DAY

MOST_LINES = 100
_PRESET = timedelta(days=365)


class LinesField(forms.CharField):
    """Several texts, one on each line. Cleans to a list without empty lines."""

    widget = forms.Textarea(attrs={"rows": 3})

    def clean(self, value: Any) -> list[str]:
        """Return the lines.

        Raises:
            ValidationError: there are more than `MOST_LINES`.
        """
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            raise forms.ValidationError(
                _("These are more than %(number)s lines. Enter fewer."),
                params={"number": MOST_LINES},
            )
        return lines


class TokenForm(forms.Form):
    """Who uses a token, what it may do, and until when."""

    name = LineField(
        label=pgettext_lazy("of a token", "Name"),
        max_length=100,
        help_text=_("What uses it, for example “Accounting export”. The history names it."),
    )
    kind = forms.ChoiceField(
        label=_("Used by"),
        choices=TokenKind.choices,
        initial=TokenKind.MACHINE,
        widget=forms.RadioSelect,
        help_text=_(
            "A person’s token stops working when the person is blocked. A machine’s goes on until "
            "somebody revokes it."
        ),
    )
    scopes = forms.MultipleChoiceField(
        label=_("May"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )
    organizations = LinesField(
        label=_("Only these organizations"),
        required=False,
        help_text=_("One title on each line. Leave empty for all that you may see."),
    )
    addresses = LinesField(
        label=_("Only from these addresses"),
        required=False,
        help_text=_(
            "IP addresses or networks, for example 192.0.2.7 or 198.51.100.0/24, one on each line. "
            "Leave empty for any."
        ),
    )
    expires_on = DateField(
        label=_("Last day"),
        required=False,
        help_text=_("Leave empty for a token that does not expire."),
    )

    def __init__(self, data: Any = None, *, user: User, now: datetime) -> None:
        super().__init__(data)
        self._user = user
        self.fields["scopes"].choices = [  # type: ignore[attr-defined]
            (scope, _shown_scope(scope)) for scope in allowed_scopes(user)
        ]
        self.initial["expires_on"] = timezone.localdate(now + _PRESET)
        if not user.is_operator:
            del self.fields["kind"]
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_organizations(self) -> list[int] | None:
        """Return the ids of the organizations; None for all.

        Raises:
            ValidationError: the person sees no organization of one of the titles.
        """
        titles = {title.upper(): title for title in self.cleaned_data["organizations"]}
        if not titles:
            return None
        seen = Organization.objects.visible_to(self._user).annotate(capitals=Upper("title"))
        found = dict(seen.filter(capitals__in=titles).order_by().values_list("capitals", "pk"))
        if unknown := [titles[each] for each in titles if each not in found]:
            raise forms.ValidationError(
                _("There is no organization with this title: %(title)s."),
                params={"title": unknown[0]},
            )
        return list(found.values())

    def clean_addresses(self) -> list[str]:
        """Return the networks in CIDR notation.

        Raises:
            ValidationError: a line is neither an address nor a network.
        """
        networks = []
        for line in self.cleaned_data["addresses"]:
            try:
                networks.append(str(ip_network(line)))
            except ValueError:
                raise forms.ValidationError(
                    _("“%(line)s” is neither an IP address nor a network."),
                    params={"line": line},
                ) from None
        return networks

    @property
    def values(self) -> dict[str, Any]:
        """The arguments of `create_token`, of a valid form."""
        values = dict(self.cleaned_data)
        last = values.pop("expires_on")
        zone = timezone.get_current_timezone()
        expires = last and datetime.combine(last + ONE_DAY, datetime.min.time(), zone)
        organizations = values.pop("organizations")
        return {
            "kind": TokenKind.PERSON,
            **values,
            "organization_ids": organizations,
            "expires_at": expires,
        }


def shown_scopes(scopes: list[str]) -> list[str]:
    """Return scopes as pages show them."""
    return [_shown_scope(scope) for scope in scopes]


def _shown_scope(scope: str) -> str:
    kind, _colon, verb = scope.partition(":")
    text = _("%(kind)s: read") if verb == READ else _("%(kind)s: read and change")
    return str(capfirst(text % {"kind": KINDS.get(kind, kind)}))
