"""What pages, invoices and mail cost: processor time and connections, by host."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from tests.cluster.browsing import Browser, Requests, readable_pages
from tests.cluster.cluster import Cluster, wait_for
from tests.cluster.drills import RUN_SECONDS, done, is_idle, some_organizations

_READERS = 8
_PAGES_SECONDS = 20
_CONNECTIONS = """
    SELECT client_addr, count(*), count(*) FILTER (WHERE state <> 'idle') FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() GROUP BY client_addr
"""


class Cost:
    """Units of work, and the time and processor time that they took."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.units = 0
        self.seconds = 0.0
        self.processor: dict[str, float] = {}

    def line(self) -> str:
        """Return a line of the table: milliseconds of processor time per unit, by kind of host."""
        kinds = ("balancer", "web", "worker", "database")
        per_unit = [
            sum(spent for name, spent in self.processor.items() if name.startswith(kind))
            for kind in kinds
        ]
        cells = " | ".join(f"{1000 * spent / max(self.units, 1):.1f}" for spent in per_unit)
        rate = self.units / self.seconds
        return f"| {self.what} | {self.units:,} | {self.seconds:.1f} | {rate:.1f} | {cells} |"


def measure(cluster: Cluster, sign_in: tuple[str, str], month: date) -> Iterator[str]:
    """Measure pages alone, then a run and its mail on one worker; yield a table in Markdown."""
    yield "| what | number | s | per s | balancer, ms each | web | worker | database |"
    yield "|---|---|---|---|---|---|---|---|"
    yield _pages(cluster, sign_in, month).line()
    connections = _connections(cluster)
    cluster.kill("worker-2")
    operator = Browser(cluster.address, *sign_in)
    invoices, mails = Cost("invoices, 1 worker"), Cost("emails, 1 worker")
    with _measured(cluster, invoices):
        operator.post(f"/invoices/runs/{month:%Y-%m}/start/", {})
        wait_for("the end of the run", lambda: done(cluster, month) == 1, RUN_SECONDS)
        before = len(cluster.mailbox.documents)
    with _measured(cluster, mails):
        wait_for("the end of the mail", lambda: is_idle(cluster), RUN_SECONDS)
        mails.units = len(cluster.mailbox.documents) - before
    invoices.units = _invoices(cluster, month)
    connections |= _connections(cluster)
    cluster.revive("worker-2")
    yield invoices.line()
    yield mails.line()
    yield ""
    yield from (f"Most connections of {name}: {number}" for name, number in connections.items())


def _pages(cluster: Cluster, sign_in: tuple[str, str], month: date) -> Cost:
    cost, requests, end = Cost("pages"), Requests(), threading.Event()
    addresses = readable_pages(some_organizations(cluster), month)
    browsers = [Browser(cluster.address, *sign_in) for _ in range(_READERS)]
    threads = [
        threading.Thread(target=_read, args=(browser, addresses, requests, end), daemon=True)
        for browser in browsers
    ]
    with _measured(cluster, cost):
        for thread in threads:
            thread.start()
        time.sleep(_PAGES_SECONDS)
        end.set()
        for thread in threads:
            thread.join()
    cost.units = requests.answered
    return cost


def _read(
    browser: Browser, addresses: Sequence[str], requests: Requests, end: threading.Event
) -> None:
    while True:
        for address in addresses:
            if end.is_set():
                return
            requests.count(browser.get(address))


@contextmanager
def _measured(cluster: Cluster, cost: Cost) -> Iterator[None]:
    started, before = time.monotonic(), _processor(cluster)
    yield
    cost.seconds = time.monotonic() - started
    after = _processor(cluster)
    cost.processor = {name: after[name] - before[name] for name in after}


def _processor(cluster: Cluster) -> dict[str, float]:
    return {name: host.processor_seconds() for name, host in cluster.hosts.items()}


def _connections(cluster: Cluster) -> Counter[str]:
    names = {host.address: name for name, host in cluster.hosts.items()}
    with cluster.connect() as connection:
        rows = connection.execute(_CONNECTIONS).fetchall()
    return Counter({names[str(address)]: number for address, number, _busy in rows if address})


def _invoices(cluster: Cluster, month: date) -> int:
    with cluster.connect() as connection:
        row = connection.execute(
            "SELECT count(*) FROM invoices_invoice WHERE kind = 'invoice' AND period_from = %s",
            [month],
        ).fetchone()
    return int(row[0]) if row else 0
