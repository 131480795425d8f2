"""Why what was decided about differences cannot be done."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class DecisionRefusal(Exception):
    """What was decided cannot be done, so nothing was."""


class NoLongerSo(DecisionRefusal):
    """Some of the differences are gone, or something else differs now."""

    def __str__(self) -> str:
        return _(
            "Some of these differences are not as they were shown any more. Nothing was changed. "
            "Select them again."
        )


class NotPossible(DecisionRefusal):
    """What the platform has cannot be taken over for some of the differences; `why` not the first.

    `names` has at least one.
    """

    def __init__(self, names: Sequence[str], why: str) -> None:
        super().__init__(names, why)
        self.names, self.why = names, why

    def __str__(self) -> str:
        text = ngettext(
            "Nothing was changed: Watcher's cannot be taken over for %(number)s difference, "
            "“%(name)s”. %(why)s",
            "Nothing was changed: Watcher's cannot be taken over for %(number)s differences, such "
            "as “%(name)s”. %(why)s",
            len(self.names),
        )
        return text % {"number": len(self.names), "name": self.names[0], "why": self.why}


class Refused(DecisionRefusal):
    """An operation refused it; the text says why."""

    def __init__(self, name: str, why: object) -> None:
        super().__init__(name, why)
        self.name, self.why = name, why

    def __str__(self) -> str:
        return _("Nothing was changed. “%(name)s”: %(why)s") % {
            "name": self.name,
            "why": str(self.why),
        }
