"""The kinds of changes that can be requested. Each is registered once, when the app is ready."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from watcher.platform import Capability, Platform
from watcher.writing.subjects import key_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from watcher.writing.models import WriteRequest

Values = Mapping[str, Any]
"""What the platform has of an object, or is to have: values of JSON by name."""


class Kind(ABC):
    """How one kind of change is read, written and told.

    It changes one thing by one call, so that it either is done or is not. What follows from it is
    a request of its own, which `remember` can make.
    """

    name: ClassVar[str]
    """As it is stored."""
    label: ClassVar[StrOrPromise]
    direction: ClassVar[str]
    """The field of `Connection` that enables it."""
    capability: ClassVar[Capability]
    replaces_earlier: ClassVar[bool] = True
    """Whether a new request of a subject withdraws those that were refused before."""

    @abstractmethod
    def read(self, platform: Platform, request: WriteRequest) -> Values | None:
        """Return what the platform has now, or None if it does not have the object.

        It has at least the names of `request.wanted`. `request.made` is what `write` returned.

        Raises:
            PlatformError: it cannot be read, or shows that the request makes no sense. One of
                `watcher.writing.carrying_out.REFUSALS` refuses the request.
        """

    def found_subject(self, request: WriteRequest) -> str:
        """Return what others call the object that was `found`, if the request calls it otherwise.

        It is left to the request alone by that name, too, before it is written.
        """
        return ""

    @abstractmethod
    def write(self, platform: Platform, request: WriteRequest) -> Values | None:
        """Make the change; return what was made, above all its id, if `read` needs that.

        It is called only if the platform has what was `shown`. It may be called again after a call
        that broke, once `read` shows that this had no effect.
        """

    def is_wanted(self, found: Values | None, request: WriteRequest) -> bool:
        """Return whether the platform has what is wanted."""
        return found is not None and all(
            found.get(name) == value for name, value in request.wanted.items()
        )

    def is_as_shown(
        self, found: Values | None, shown: Values | None, request: WriteRequest
    ) -> bool:
        """Return whether what was read is what was shown, as far as the change concerns it.

        What is as wanted already may be an earlier attempt, of which a part took effect.
        """
        if found is None or shown is None:
            return found is shown
        return all(
            found.get(name) in (shown.get(name), value) for name, value in request.wanted.items()
        )

    def remember(self, request: WriteRequest, now: datetime) -> None:  # noqa: B027 may do nothing
        """Store what the platform has now: `request.found`; in the transaction that settles it.

        Called if the change is done, or was already so.
        """

    def about(self, request: WriteRequest) -> str:
        """Return what people call the object."""
        return request.about or key_of(request.subject)

    def address(self, request: WriteRequest) -> str:
        """Return the page of the object here, or an empty text."""
        return ""

    def prepare(self, requests: Sequence[WriteRequest]) -> None:  # noqa: B027 may do nothing
        """Load what `said` needs of many requests, by as many queries as for one."""

    @abstractmethod
    def said(self, values: Values, request: WriteRequest) -> Sequence[str]:
        """Say in words what `wanted`, `shown` or `found` have of what the change concerns."""


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Have changes of a kind carried out."""
    _kinds[kind.name] = kind


def kind_of(name: str) -> Kind | None:
    """Return a kind by its name; None if it is none, as one of a later release."""
    return _kinds.get(name)


def kinds() -> Sequence[Kind]:
    """Return all kinds, in the order in which they were registered."""
    return tuple(_kinds.values())
