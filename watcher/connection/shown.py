"""Say what the last test of a connection found out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from watcher.connection.models import ConnectionState
from watcher.errors import error_of
from watcher.platform import Lack

_COUNTED = {
    "organizations": gettext_lazy("Organizations that the service user is in"),
    "users": gettext_lazy("Users"),
    "presets": gettext_lazy("Presets"),
    "cameras": gettext_lazy("Cameras"),
}


@dataclass(frozen=True)
class ShownTest:
    """A test in words."""

    at: datetime | None
    by: str
    failure: str
    """Why nothing was found out; empty if something was."""
    facts: list[tuple[str, str]]
    lacks: list[str]
    is_refused: bool
    """Whether the password was refused, and nobody signs in until it is entered again."""


def shown_test(state: ConnectionState) -> ShownTest:
    """Return what a page says of the last test."""
    error = error_of(state.failure)
    return ShownTest(
        at=state.tested_at,
        by=str(state.tested_by or ""),
        failure=str(error) if error else "",
        facts=_facts(state.report) if state.report else [],
        lacks=[str(Lack(each).label) for each in state.report.get("lacks", ())],
        is_refused=state.sign_in_refused_at is not None,
    )


def _facts(report: dict[str, Any]) -> list[tuple[str, str]]:
    administrator = {True: _("Yes"), False: _("No")}.get(report["is_administrator"], "")
    facts = [
        (_("Version"), report["version"] or _("not stated")),
        (_("Signed in as"), report["login"]),
        (_("Administrator"), administrator),
        (_("Clock of Watcher"), _clock(report["clock_ahead_seconds"])),
    ]
    for name, label in _COUNTED.items():
        if name in report["counts"]:
            facts.append((str(label), number_format(report["counts"][name], force_grouping=True)))
    return [(label, text) for label, text in facts if text]


def _clock(ahead: float | None) -> str:
    if ahead is None:
        return _("not stated")
    seconds = round(abs(ahead))
    if not seconds:
        return _("as ours")
    text = (
        ngettext("%(seconds)s second ahead of ours", "%(seconds)s seconds ahead of ours", seconds)
        if ahead > 0
        else ngettext("%(seconds)s second behind ours", "%(seconds)s seconds behind ours", seconds)
    )
    return text % {"seconds": seconds}
