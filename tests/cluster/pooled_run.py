"""The product itself through pgbouncer: a run under page load, without any host failing."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from tests.cluster.browsing import Browser, Load, browsing, readable_pages
from tests.cluster.cluster import Cluster, wait_for
from tests.cluster.drills import is_idle, some_invoice, some_organizations
from tests.cluster.pooling import pooler

_CLIENTS = ("web-1", "web-2", "worker-1", "worker-2")
_POOL_SIZE = 20
_SECONDS = 90
# What people and jobs change must be recorded with them.
_WRONG_AUDIT = """
    SELECT (
        SELECT count(*) FROM payments_paymentevent AS event
        JOIN payments_payment AS payment ON payment.id = event.pgh_obj_id
        WHERE payment.reference = ANY(%(references)s)
            AND (event.pgh_context ->> 'user' IS NULL OR event.pgh_context ->> 'job' IS NOT NULL)
    ) + (
        SELECT count(*) FROM invoices_invoiceevent
        WHERE period_from = %(month)s AND kind = 'invoice'
            AND (pgh_context ->> 'user' IS NULL OR pgh_context ->> 'job' IS NULL)
    )
"""
_INVOICES = """
    SELECT count(*) FROM invoices_invoice WHERE kind = 'invoice' AND period_from = %(month)s
"""


def pooled_runs(
    cluster: Cluster, sign_in: tuple[str, str], months: Sequence[date]
) -> Iterator[str]:
    """Run a month through pgbouncer in each mode; yield a table in Markdown."""
    yield (
        "| mode | ended after, s | invoices | pages read | failed | payments sent | failed"
        " | wrong in the audit | connections of PostgreSQL | errors logged |"
    )
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for mode, month in zip(("session", "transaction"), months, strict=True):
        with pooler(cluster, mode, _POOL_SIZE) as url, _connected_to(cluster, url):
            yield _line(cluster, mode, month, sign_in)


@contextmanager
def _connected_to(cluster: Cluster, url: str) -> Iterator[None]:
    """Restart the web hosts and workers with another address of the database."""
    for address in (url, cluster.database_url()):
        for name in _CLIENTS:
            cluster.kill(name)
            service = cluster.services[name]
            service.environment = {**service.environment, "DATABASE_URL": address}
            service.start()
        cluster.wait_for_web_hosts()
        if address == url:
            yield


def _line(cluster: Cluster, mode: str, month: date, sign_in: tuple[str, str]) -> str:
    before = {name: len(list(cluster.log_lines(name))) for name in _CLIENTS}
    browsers = [Browser(cluster.address, *sign_in) for _ in range(4)]
    pages = readable_pages(some_organizations(cluster), month)
    today, invoice = datetime.now(UTC).date(), some_invoice(cluster)
    started, ended = time.monotonic(), ""
    with browsing(browsers, pages, invoice=invoice, today=today) as load:
        browsers[0].post(f"/invoices/runs/{month:%Y-%m}/start/", {})
        try:
            wait_for("the end of the run", lambda: is_idle(cluster), _SECONDS)
            ended = f"{time.monotonic() - started:.0f}"
        except TimeoutError:
            ended = f"not within {_SECONDS}"
        connections = _connections(cluster)
    return f"| {mode} | {ended} | {_counts(cluster, month, load)} | {connections} | " + (
        f"{_errors(cluster, before)} |"
    )


def _counts(cluster: Cluster, month: date, load: Load) -> str:
    values = {"month": month, "references": load.recorded}
    with cluster.connect() as connection:
        (invoices,) = connection.execute(_INVOICES, values).fetchone() or (0,)
        (wrong,) = connection.execute(_WRONG_AUDIT, values).fetchone() or (0,)
    payments = len(load.recorded) + len(load.uncertain)
    return (
        f"{invoices} | {load.pages.answered} | {len(load.pages.failed)}"
        f" | {payments} | {len(load.payments.failed)} | {wrong}"
    )


def _connections(cluster: Cluster) -> int:
    pool = cluster.hosts["pooler"].address
    with cluster.connect() as connection:
        (number,) = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE client_addr = %s::inet", [pool]
        ).fetchone() or (0,)
    return int(number)


def _errors(cluster: Cluster, before: dict[str, int]) -> str:
    """Return the types of the errors that were logged, with their numbers."""
    found: Counter[str] = Counter()
    for name, number in before.items():
        lines: list[dict[str, Any]] = list(cluster.log_lines(name))[number:]
        for line in lines:
            if line["level"] in ("WARNING", "ERROR"):
                kinds = [each["type"] for each in line.get("exceptions", [])]
                found[kinds[0] if kinds else line["message"][:60]] += 1
    return ", ".join(f"{number} × {kind}" for kind, number in found.most_common(6)) or "none"
