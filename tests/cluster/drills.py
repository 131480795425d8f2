"""Drills: during an invoice run and under page load, one host fails and comes back."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

import psycopg

from tests.cluster.browsing import Browser, Load, browsing, readable_pages
from tests.cluster.cluster import Cluster, wait_for
from tests.cluster.outcome import Outcome, job_lines, outcome_of

READERS = 4
# How long a host is away, and how long a run may take in all.
AWAY_SECONDS = 5
RUN_SECONDS = 240
_UNPLUGGED = " unplugged"
NO_FAULT = "none"
FAULTS = (
    NO_FAULT,
    "web-1",
    "web-2",
    "worker-1",
    "worker-2",
    "database",
    "balancer",
    f"database{_UNPLUGGED}",
    f"web-1{_UNPLUGGED}",
    f"worker-1{_UNPLUGGED}",
)
_WAITING_ITEMS = """
    SELECT count(*) FILTER (WHERE state = 'waiting'), count(*)
    FROM invoices_runitem JOIN invoices_invoicerun AS run ON run.id = run_id WHERE month = %s
"""
_LEFT = """
    SELECT (SELECT count(*) FROM invoices_delivery WHERE state = 'waiting')
        + (SELECT count(*) FROM procrastinate_jobs
            WHERE status IN ('todo', 'doing') AND queue_name <> 'upkeep')
"""


class Drill(NamedTuple):
    """The result of one drill."""

    fault: str
    outcome: Outcome
    load: Load
    seconds: float | None
    restarts: str
    error_lines: str


def drills(
    cluster: Cluster, sign_in: tuple[str, str], faults: Sequence[str], months: Sequence[date]
) -> Iterator[Drill]:
    """Perform a drill for each fault, each with the run of one of the months."""
    browsers = [Browser(cluster.address, *sign_in) for _ in range(READERS + 1)]
    today = datetime.now(UTC).date()
    ids, invoice = some_organizations(cluster), some_invoice(cluster)
    for fault, month in zip(faults, months, strict=True):
        pages = readable_pages(ids, month)
        with browsing(browsers, pages, invoice=invoice, today=today) as load:
            counts = job_lines(cluster), _errors(cluster), _restarts(cluster)
            seconds = run_with_fault(cluster, browsers[0], month, fault)
        lines, errors, restarts = counts
        yield Drill(
            fault,
            outcome_of(cluster, month, load, lines, browsers[0]),
            load,
            seconds,
            _listed(_restarts(cluster) - restarts),
            _listed(_errors(cluster) - errors),
        )


def months_until(today: date, number: int) -> list[date]:
    """Return the first dates of as many months up to this one, the earliest first."""
    this = today.year * 12 + today.month - 1
    return [date(each // 12, each % 12 + 1, 1) for each in range(this - number + 1, this + 1)]


def some_organizations(cluster: Cluster) -> list[int]:
    """Return the ids of a few organizations."""
    with cluster.connect() as connection:
        rows = connection.execute("SELECT id FROM organizations_organization ORDER BY id LIMIT 5")
        return [pk for (pk,) in rows]


def some_invoice(cluster: Cluster) -> int:
    """Return the id of an invoice in force, in euros."""
    with cluster.connect() as connection:
        (invoice,) = connection.execute(
            "SELECT min(invoice_id) FROM invoices_openitem WHERE currency = 'EUR'"
            " AND NOT is_cancelled"
        ).fetchone() or (0,)
        return int(invoice)


def run_with_fault(cluster: Cluster, operator: Browser, month: date, fault: str) -> float | None:
    """Start a month's run; let a host fail once a part is done; wait until all is done.

    Return the seconds that it took, or None if it did not end in `RUN_SECONDS`.
    """
    started = time.monotonic()
    status = operator.post(f"/invoices/runs/{month:%Y-%m}/start/", {})
    if status != 302:
        raise RuntimeError(f"The start of the run was answered with {status}.")
    wait_for("a part of the run done", lambda: done(cluster, month) > 0.1)
    host, unplugged = fault.removesuffix(_UNPLUGGED), fault.endswith(_UNPLUGGED)
    # The others must do without an unplugged host, but nothing can be done without the database.
    stays_away = unplugged and host != "database"
    if fault != NO_FAULT:
        _fail(cluster, host, unplugged=unplugged)
    if fault != NO_FAULT and not stays_away:
        _return(cluster, host)
    try:
        wait_for("the end of the run", lambda: is_idle(cluster), RUN_SECONDS)
        return time.monotonic() - started
    except TimeoutError:
        return None
    finally:
        if stays_away:
            _return(cluster, host)


def _fail(cluster: Cluster, host: str, *, unplugged: bool) -> None:
    if unplugged:
        # As in a power cut, which nobody is told of.
        cluster.hosts[host].unplug()
    cluster.kill(host)


def _return(cluster: Cluster, host: str) -> None:
    time.sleep(AWAY_SECONDS)
    cluster.hosts[host].plug_in()
    cluster.revive(host)


def done(cluster: Cluster, month: date) -> float:
    """Return the share of a month's run that is done."""
    with cluster.connect() as connection:
        waiting, total = connection.execute(_WAITING_ITEMS, [month]).fetchone() or (0, 0)
    return (total - waiting) / total if total else 0.0


def is_idle(cluster: Cluster) -> bool:
    """Tell whether no invoice or mail is waiting; without the database, nobody knows."""
    try:
        with cluster.connect() as connection:
            (left,) = connection.execute(_LEFT).fetchone() or (1,)
    except psycopg.OperationalError:
        return False
    return not left


def _errors(cluster: Cluster) -> Counter[str]:
    """Count the lines from WARNING on, by host."""
    return Counter(
        {
            name: sum(line["level"] in ("WARNING", "ERROR") for line in cluster.log_lines(name))
            for name in cluster.services
        }
    )


def _restarts(cluster: Cluster) -> Counter[str]:
    return Counter({name: service.restarts for name, service in cluster.services.items()})


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(counts.items())) or "–"


def tables_of(results: Sequence[Drill]) -> list[str]:
    """Return what people noticed, and what became of the work, as tables in Markdown."""
    noticed = (
        "host that failed",
        "pages read",
        "failed",
        "longest gap, s",
        "payments sent",
        "failed (of these recorded)",
        "lost, recorded twice",
    )
    work = (
        "host that failed",
        "run and mail, s",
        "invoices",
        "twice",
        "numbers missing, twice",
        "documents incomplete",
        "jobs run again",
        "ended twice",
        "failed for good",
        "emails missing, twice",
        "restarts",
        "warnings and errors logged",
    )
    return [
        *(_line(noticed), _line(["---"] * len(noticed)), *map(_noticed, results)),
        *("", _line(work), _line(["---"] * len(work)), *map(_work, results)),
    ]


def _noticed(drill: Drill) -> str:
    outcome, pages, payments = drill.outcome, drill.load.pages, drill.load.payments
    return _line(
        (
            drill.fault,
            f"{pages.answered:,}",
            _failures(pages.failed),
            f"{pages.longest_gap:.1f}",
            f"{len(drill.load.recorded) + len(drill.load.uncertain):,}",
            f"{_failures(payments.failed)} ({outcome.payments_unconfirmed})",
            f"{outcome.payments_lost}, {outcome.payments_twice}",
        )
    )


def _work(drill: Drill) -> str:
    outcome = drill.outcome
    return _line(
        (
            drill.fault,
            f"{drill.seconds:.0f}" if drill.seconds else f"not within {RUN_SECONDS}",
            f"{outcome.invoices:,}",
            f"{outcome.invoices_twice}",
            f"{outcome.numbers_missing}, {outcome.numbers_twice}",
            f"{outcome.documents_incomplete}",
            f"{outcome.jobs_again}",
            f"{outcome.jobs_twice}",
            f"{outcome.jobs_failed}",
            f"{outcome.mails_missing}, {outcome.mails_twice}",
            drill.restarts,
            drill.error_lines,
        )
    )


def _failures(statuses: Sequence[int]) -> str:
    """Return how many requests failed, by status."""
    by_status = sorted(Counter(statuses).items())
    return ", ".join(f"{n} × {status or 'no answer'}" for status, n in by_status) or "0"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
