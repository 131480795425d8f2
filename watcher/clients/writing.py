"""Make changes once, and see whether they were made."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from watcher.clients.transport import Answer
from watcher.clients.values import camera_paths, is_addressable
from watcher.errors import (
    FailedError,
    NotAppliedError,
    NotThereError,
    OutcomeUnknownError,
    PlatformError,
    UnexpectedAnswerError,
    UnreachableError,
)

READS_BACK = 3
"""How often something is read until it shows a change."""
SURE = 2
"""How often something is looked for until it counts as gone: a proxy may answer a 404, too."""
_WAIT_SECONDS = 1.0
Made = TypeVar("Made")


def made(
    post: Callable[[], Made],
    *,
    look: Callable[[], Made | None],
    wait: Callable[[float], None],
) -> Made:
    """Return what a POST has made; it must not exist before.

    If the call breaks after it was sent, `look` for what it should have made. It is not sent a
    second time: Watcher may still be at work on the first.

    Raises:
        OutcomeUnknownError: it broke, and nothing was found.
        PlatformError: nothing was made.
    """
    with suppress(OutcomeUnknownError):
        return sent_once(post)
    for _number in range(READS_BACK):
        wait(_WAIT_SECONDS)
        found = look()
        if found is not None:
            return found
    raise OutcomeUnknownError


def sent_once(post: Callable[[], Made]) -> Made:
    """Return what a POST answers, and tell what may have taken effect from what has not.

    Raises:
        OutcomeUnknownError: it broke after it was sent.
        PlatformError: it had no effect.
    """
    try:
        return post()
    except (UnreachableError, FailedError, UnexpectedAnswerError) as error:
        if not error.was_sent or _is_answered(error):
            raise
        raise OutcomeUnknownError from None


def _is_answered(error: PlatformError) -> bool:
    """Return whether the answer says that nothing was made."""
    return error.status is not None and error.status < 500


def surely(look: Callable[[], Made | None]) -> Made | None:
    """Return what `look` finds, or None if it is surely gone."""
    for _number in range(SURE):
        if (found := look()) is not None:
            return found
    return None


def read_back(is_so: Callable[[], bool], *, wait: Callable[[float], None]) -> None:
    """Return once something that was changed reads so.

    Raises:
        NotAppliedError: it does not after `READS_BACK` readings.
    """
    read_until(is_so, bool, wait=wait)


def read_until(
    read: Callable[[], Made], is_so: Callable[[Made], bool], *, wait: Callable[[float], None]
) -> Made:
    """Return something that was changed once it reads so.

    Raises:
        NotAppliedError: it does not after `READS_BACK` readings.
    """
    for number in range(READS_BACK):
        if number:
            wait(_WAIT_SECONDS)
        found = read()
        if is_so(found):
            return found
    raise NotAppliedError


def switch(
    call: Callable[..., Answer],
    name: str,
    value: bool,
    *,
    default: bool,
    wait: Callable[[float], None],
) -> None:
    """Set a switch of something that still exists, and see that it is set.

    `call` takes a method and a body. It is asked first, because a PUT could create a camera again.
    `default` is what it means if the switch is absent.

    Raises:
        NotAppliedError: it reads otherwise afterwards.
    """

    def is_set() -> bool:
        found = call("GET").object.get(name)
        return (default if found is None else found is True) is value

    for _number in range(SURE):
        with suppress(NotThereError):
            if not is_set():
                call("PUT", body={name: value})
                read_back(is_set, wait=wait)
            return


class CameraPaths:
    """Calls with the path of a camera, in the form that this Watcher knows.

    Whether a slash in a name is encoded is not documented, so both are tried, and what has worked
    is remembered.
    """

    def __init__(self) -> None:
        self._slashes_stay: bool | None = None

    def call(self, name: str, call: Callable[[str], Answer]) -> Answer:
        """Return the answer of `call` for a camera's name, encoded for a path.

        Raises:
            NotThereError: there is no camera of this name.
        """
        if not is_addressable(name):
            raise NotThereError
        paths = camera_paths(name)
        if len(paths) == 1:
            return call(paths[0])
        if self._slashes_stay is not None:
            return call(paths[self._slashes_stay])
        try:
            answer = call(paths[0])
        except NotThereError:
            answer = call(paths[1])
            self._slashes_stay = True
        else:
            self._slashes_stay = False
        return answer
