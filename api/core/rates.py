"""Limit how many requests a token makes in a minute, counted by the database for all processes.

One row for each token holds the present minute and its number, so the table does not grow.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection

from api.core.problems import Problem
from api.models import Token

WINDOW_SECONDS = 60

# One statement, so that requests at the same time count one another.
_COUNT = """
    INSERT INTO api_requestcount AS c (token_id, minute, number) VALUES (%s, %s, 1)
    ON CONFLICT (token_id) DO UPDATE SET
        number = CASE WHEN c.minute >= EXCLUDED.minute THEN c.number + 1 ELSE 1 END,
        minute = GREATEST(c.minute, EXCLUDED.minute)
    RETURNING number
"""


@dataclass(frozen=True, slots=True)
class Rate:
    """What is left of the requests of a minute."""

    limit: int
    remaining: int
    seconds: int
    """Until the next minute begins."""

    def write(self, headers: MutableMapping[str, str]) -> None:
        """Add the headers of draft-ietf-httpapi-ratelimit-headers."""
        headers["RateLimit-Policy"] = f'"default";q={self.limit};w={WINDOW_SECONDS}'
        headers["RateLimit"] = f'"default";r={self.remaining};t={self.seconds}'


def count_request(token: Token, now: datetime) -> Rate:
    """Count a request, and return what is left.

    Raises:
        Problem: nothing was left.
    """
    second, limit = int(now.timestamp()), settings.API_REQUESTS_A_MINUTE
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [token.pk, second // WINDOW_SECONDS])
        (number,) = cursor.fetchone()
    rate = Rate(limit, max(limit - number, 0), WINDOW_SECONDS - second % WINDOW_SECONDS)
    if number > limit:
        headers: dict[str, str] = {"Retry-After": str(rate.seconds)}
        rate.write(headers)
        raise Problem(
            429,
            "too_many_requests",
            f"This token may make {limit} requests a minute. Try again in {rate.seconds} seconds.",
            headers=headers,
        )
    return rate
