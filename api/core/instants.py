"""Instants and ids as requests give them."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field

_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = datetime(2199, 12, 31, tzinfo=UTC)


def _whole_seconds(instant: datetime) -> datetime:
    if not _EARLIEST <= instant <= _LATEST:
        raise ValueError("Send an instant between the years 1970 and 2199.")
    if instant.microsecond:
        raise ValueError("Send whole seconds.")
    return instant.astimezone(UTC)


Instant = Annotated[
    AwareDatetime,
    AfterValidator(_whole_seconds),
    Field(description="With an offset, in whole seconds.", examples=["2026-11-01T12:00:00+01:00"]),
]
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
