"""The table of tokens."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_tables2 import Table

from api.tokens.forms import shown_scopes
from api.tokens.models import Token
from foundation.lists.pages import CellColumn, ListTable


def _state(token: Token, table: Table) -> dict[str, Any]:
    return {"state": token.state(table.now)}


def _scopes(token: Token, table: Table) -> dict[str, Any]:
    return {"scopes": shown_scopes(token.scopes)}


class TokenTable(ListTable):
    """Tokens with what they may do, their state and their last use."""

    name = CellColumn(
        template_name="api/tokens/_name_cell.html",
        verbose_name=pgettext_lazy("of a token", "Name"),
        order_by=("name", "pk"),
        attrs={"td": {"class": "cell-title"}},
    )
    scopes = CellColumn(
        template_name="api/tokens/_scopes_cell.html",
        verbose_name=_("May"),
        orderable=False,
        extra=_scopes,
    )
    state = CellColumn(
        template_name="api/tokens/_state.html",
        accessor="pk",
        verbose_name=_("Status"),
        orderable=False,
        extra=_state,
    )
    last_used_at = CellColumn(
        template_name="api/tokens/_last_used_cell.html",
        verbose_name=_("Last used"),
        orderable=False,
    )

    class Meta:
        model = Token
        fields = ("name", "scopes", "state", "last_used_at")
        order_by_field = "sort"

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
