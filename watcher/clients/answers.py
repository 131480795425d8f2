"""Turn the answers of Watcher that are not what was asked for into errors."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from watcher.errors import (
    ConflictError,
    FailedError,
    NoRightError,
    NotSupportedError,
    NotThereError,
    PlatformError,
    RefusedByPlatformError,
    TooManyCallsError,
    UnexpectedAnswerError,
)

LONGEST_SAID = 200
DEFAULT_WAIT_SECONDS = 30
_LONGEST_WAIT_SECONDS = 3_600
_BY_STATUS: dict[int, type[PlatformError]] = {
    400: RefusedByPlatformError,
    402: NoRightError,
    403: NoRightError,
    404: NotThereError,
    405: NotSupportedError,
    409: ConflictError,
    422: RefusedByPlatformError,
    501: NotSupportedError,
}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")


def error_from(status: int, headers: Mapping[str, str], content: bytes) -> PlatformError:
    """Return the error that an answer from 400 on means."""
    said = what_is_said(content)
    error: PlatformError
    if status == 429:
        error = TooManyCallsError(said, wait_seconds=wait_seconds(headers))
    elif kind := _BY_STATUS.get(status):
        error = kind(said)
    elif status >= 500:
        error = FailedError(said, status=status)
    else:
        error = UnexpectedAnswerError(said)
    error.status = status
    return error


def wait_seconds(headers: Mapping[str, str]) -> int:
    """Return for how long `Retry-After` asks not to call, from 1 second to an hour.

    A date instead of seconds depends on both clocks, so it counts as the default.
    """
    text = headers.get("Retry-After", "").strip()
    if not (text.isascii() and text.isdigit()):
        return DEFAULT_WAIT_SECONDS
    return min(max(int(text[:6]), 1), _LONGEST_WAIT_SECONDS)


def what_is_said(body: bytes) -> str:
    """Return what an error says, in one line of at most `LONGEST_SAID` characters.

    v3 says it in `errors`, its older services in `error`, v2 in `error_message`. Anything else,
    such as the page of a proxy, is not repeated.
    """
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(read, dict):
        return ""
    errors = read.get("errors")
    if isinstance(errors, list):
        parts = [_one_error(each) for each in errors[:3] if isinstance(each, dict)]
    else:
        parts = [_text(read.get("error_message")) or _text(read.get("error"))]
    said = _CONTROL.sub(" ", "; ".join(filter(None, parts))).strip()
    return said if len(said) <= LONGEST_SAID else f"{said[: LONGEST_SAID - 1]}…"


def _one_error(error: Mapping[str, Any]) -> str:
    source = error.get("source")
    about = ""
    if isinstance(source, dict):
        about = _text(source.get("pointer")) or _text(source.get("parameter"))
    title = _text(error.get("title")) or _text(error.get("code"))
    return f"{title} ({about})" if title and about else title or about


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
