"""Measure lists with years of data against the same lists with one month of data."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from django.db import connection
from django.urls import reverse

from benchmarks import years
from benchmarks.data import MONTH
from benchmarks.database import empty_database
from benchmarks.measuring import Comparison, shorter, under
from benchmarks.pages import operator
from organizations.models import Organization
from usage.models import Camera

MOST_TIMES, MOST_TARIFFS, RUNS = 1.25, 0.100, 7


def measure(divisor: int) -> Iterator[Comparison]:
    """Measure all lists with one month of data, then with three years."""
    organizations, cameras = 50_000 // divisor, 500_000 // divisor
    found = []
    for months in (1, 36):
        with empty_database():
            years.fill(organizations=organizations, cameras=cameras, months=months)
            found.append(times())
    for what, month in found[0].items():
        yield shorter(
            what,
            f"{36 * organizations:,} invoices",
            before=month,
            now=found[1][what],
            at_most=MOST_TIMES,
            earlier="1 month",
        )
    tariffs = found[1]["tariff plans"]
    yield under("tariff plans", f"{cameras:,} cameras", now=tariffs, limit=MOST_TARIFFS)


def times() -> dict[str, float]:
    """Return the processor time of each list in the present database, in seconds.

    It is the least of several requests, in this process and in PostgreSQL: the elapsed time depends
    more on what else the machine does than on the list.
    """
    client = operator()

    def get(address: str) -> float:
        begin = _processor_seconds()
        assert client.get(address).status_code == 200, address
        return _processor_seconds() - begin

    measured = {}
    for what, address in addresses().items():
        get(address)
        measured[what] = min(get(address) for _ in range(RUNS))
    return measured


def _processor_seconds() -> float:
    """Return the processor time of this process and of its connection's in PostgreSQL."""
    connection.ensure_connection()
    statistics = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return time.process_time() + int(statistics.read_text().split()[0]) / 1e9


def addresses() -> dict[str, str]:
    """Return the address of each list with its searches, filters and last page, by name."""
    one = Organization.objects.order_by("pk")[4]
    camera = Camera.objects.filter(organization=one).order_by("pk")[0]
    usages = reverse("usage:usages", args=[one.pk])
    cameras = reverse("usage:cameras", args=[one.pk])
    listed, invoices = reverse("organizations:list"), reverse("invoices:list")
    receivables, run = reverse("payments:receivables"), reverse("invoices:run", args=[MONTH.start])
    own = reverse("invoices:of_organization", args=[one.pk])
    return {
        "usages": f"{usages}?from={MONTH.start}&to={MONTH.last}",
        "cameras": cameras,
        "cameras, all": f"{cameras}?state=all",
        "cameras, search": f"{cameras}?q=ate",
        "camera": reverse("usage:camera", args=[camera.pk]),
        "organizations": listed,
        "organizations, last page": f"{listed}?page=999999",
        "organizations, many found": f"{listed}?q=hotel",
        "organizations, one found": f"{listed}?q=otel+77",
        "organizations, by cameras": f"{listed}?sort=-cameras_in_use",
        "organizations, trial": f"{listed}?trial=ended",
        "tariff plans": reverse("tariffs:list"),
        "imports of usage": reverse("usage:imports"),
        "invoices": invoices,
        "invoices, last page": f"{invoices}?page=999999",
        "invoices, many found": f"{invoices}?q=hotel",
        "invoices, one found": f"{invoices}?q=otel+77",
        "invoices, number": f"{invoices}?q=31",
        "invoices, month": f"{invoices}?month={MONTH.start:%Y-%m}",
        "invoices, organization": f"{invoices}?organization={one.title}",
        "invoices, differing": f"{invoices}?differs=yes",
        "invoices, being checked": f"{invoices}?differs=checking",
        **{
            f"invoices, {state}{page}": f"{invoices}?state={state}{query}"
            for state in ("open", "part_paid", "paid", "overdue", "cancelled", "credit_note")
            for page, query in (("", ""), (", last page", "&page=999999"))
        },
        **{
            f"invoices, by {column}": f"{invoices}?sort={column}"
            for column in ("number", "organization", "-period", "-due_on", "-total", "-outstanding")
        },
        "invoices of an organization": own,
        "invoices of an organization, paid": f"{own}?state=paid",
        "receivables": receivables,
        "receivables, last page": f"{receivables}?page=999999",
        "receivables, many found": f"{receivables}?q=hotel",
        "runs": reverse("invoices:runs"),
        "run": run,
        "run, last page": f"{run}?page=999999",
        "run, blocked": f"{run}?state=refused",
        "history of an organization": reverse("organizations:history", args=[one.pk]),
        "history of a camera": reverse("usage:camera_history", args=[camera.pk]),
    }
