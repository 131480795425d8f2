"""Say how reading goes: for its page, and for Home."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.web.attention import Entry
from watcher.errors import error_of
from watcher.models import CameraChange, Connection, Poll, ReadingSettings, ReadingState
from watcher.reading.operations import reading_settings, reading_state

POLLS_SHOWN = 20


@dataclass(frozen=True)
class ShownPoll:
    """A reading in a list, with its failure in words."""

    poll: Poll
    failure: str


@dataclass(frozen=True)
class ShownReading:
    """How reading goes."""

    state: ReadingState
    failure: str
    stands_still: bool
    held: int
    polls: list[ShownPoll]

    @property
    def left_out_more(self) -> int:
        """How many cameras are left out besides those that are named."""
        return self.state.left_out - len(self.state.left_out_names)


def shown_reading(now: datetime) -> ShownReading:
    """Return how reading goes, with the last readings that brought news."""
    state = reading_state()
    return ShownReading(
        state=state,
        failure=_failure_of(state.failure),
        stands_still=_stands_still(state, reading_settings(), now),
        held=CameraChange.objects.held_back().count(),
        polls=[
            ShownPoll(poll, _failure_of(poll.failure)) for poll in Poll.objects.all()[:POLLS_SHOWN]
        ],
    )


def needing_attention(now: datetime) -> Iterator[Entry]:
    """Yield what Home shows of reading."""
    if not Connection.objects.filter(reads=True).exists():
        return
    state, address = reading_state(), reverse("watcher:reading")
    if state.failure:
        yield Entry(_("Watcher cannot be read"), address, is_problem=True)
    elif state.vanished:
        text = ngettext(
            "%(shown)s camera has vanished from Watcher: confirm it",
            "%(shown)s cameras have vanished from Watcher: confirm it",
            state.vanished,
        )
        yield Entry(_counted(text, state.vanished), address, is_problem=True)
    elif _stands_still(state, reading_settings(), now):
        yield Entry(_("Watcher is not being read"), address, is_problem=True)
    if state.left_out:
        text = ngettext(
            "%(shown)s camera of Watcher is left out because of its name",
            "%(shown)s cameras of Watcher are left out because of their names",
            state.left_out,
        )
        yield Entry(_counted(text, state.left_out), address, is_problem=True)
    held = CameraChange.objects.held_back().count()
    if held:
        text = ngettext(
            "%(shown)s change in Watcher is held back",
            "%(shown)s changes in Watcher are held back",
            held,
        )
        yield Entry(_counted(text, held), reverse("watcher:changes"))


def _stands_still(state: ReadingState, settings: ReadingSettings, now: datetime) -> bool:
    longest = timedelta(minutes=max(settings.standstill_minutes, 2 * settings.every_minutes))
    return state.begun_at is not None and now - state.begun_at > longest


def _failure_of(stored: dict[str, object]) -> str:
    error = error_of(stored)
    return str(error) if error else ""


def _counted(text: str, number: int) -> str:
    return text % {"shown": number_format(number, force_grouping=True)}
