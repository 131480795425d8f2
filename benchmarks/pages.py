"""Measure pages as a browser requests them: usages, usages.csv and lists."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from benchmarks.data import MONTH
from benchmarks.measuring import Figure, in_processes, megabytes, milliseconds, side_by_side
from invoices.models import Invoice
from organizations.models import Organization

PAGE_LIMITS = {10_000: 0.250, 100_000: 1.5}
FIRST_BYTE_LIMIT, LIST_LIMIT, CSV_MEMORY_LIMIT = 0.300, 0.100, 40e6
LIST_RUNS = 9
_PERIOD = {"from": MONTH.start.isoformat(), "to": MONTH.last.isoformat()}


def operator() -> Client:
    """Return a test client with an operator signed in."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(
        User.objects.get_or_create(email="operator@example.com", role=Role.OPERATOR)[0]
    )
    return client


class UnexpectedAnswerError(Exception):
    """A page answered with an unexpected status."""


def page_of(client: Client, address: str, query: dict[str, str]) -> bytes:
    """Return a page; raise `UnexpectedAnswerError` if it is refused."""
    response = client.get(address, query)
    if response.status_code != 200:
        raise UnexpectedAnswerError(address, response.status_code)
    return response.content


def usages(organizations: dict[int, Organization]) -> Iterator[Figure]:
    """Measure the Usages page of organizations, keyed by their number of cameras."""
    client, sizes = operator(), []
    for cameras, organization in sorted(organizations.items()):
        address = reverse("usage:usages", args=[organization.pk])
        sizes.append(len(page_of(client, address, _PERIOD)))
        runs = 9 if cameras <= 10_000 else 5
        (page,) = side_by_side(runs, lambda address=address: page_of(client, address, _PERIOD))  # type: ignore[misc]
        limit = PAGE_LIMITS.get(cameras)
        yield Figure(
            "Usages page",
            f"{cameras:,} cameras",
            milliseconds(page),
            f"under {milliseconds(limit)}" if limit else "",
            page / limit if limit else None,
        )
    yield Figure(
        "Usages page, its size",
        "the same",
        f"{min(sizes) / 1e3:,.0f} to {max(sizes) / 1e3:,.0f} kB",
        "within 10%",
        max(sizes) / min(sizes) / 1.1,
    )


def csv(few: Organization, many: Organization, cameras: int) -> Iterator[Figure]:
    """Measure usages.csv: the time to its first charge, and the extra memory for many cameras."""
    ((_, base),) = in_processes(_read_csv, [(few.pk,)])
    runs = [in_processes(_read_csv, [(many.pk,)])[0] for _ in range(3)]
    first = sorted(first for (first, _), _ in runs)[1]
    whole = sorted(whole for (_, whole), _ in runs)[1]
    more = max(memory for _, memory in runs) - base
    size = f"{cameras:,} cameras"
    yield Figure(
        "usages.csv, first charge",
        size,
        milliseconds(first),
        f"under {milliseconds(FIRST_BYTE_LIMIT)}",
        first / FIRST_BYTE_LIMIT,
    )
    yield Figure("usages.csv, whole", size, milliseconds(whole), "", None)
    yield Figure(
        "usages.csv, memory beyond that for 100 cameras",
        size,
        megabytes(max(0, more)),
        f"constant: under {megabytes(CSV_MEMORY_LIMIT)}",
        max(0, more) / CSV_MEMORY_LIMIT,
    )


def _read_csv(organization_id: int) -> tuple[float, float]:
    client = operator()
    address = reverse("usage:usages_csv", args=[organization_id])
    page_of(client, reverse("organizations:list"), {})
    begin = time.perf_counter()
    response: Any = client.get(address, _PERIOD)
    chunks = iter(response.streaming_content)
    lines = 0
    while lines < 2:  # The heading alone is always quick.
        lines += next(chunks).count(b"\n")
    first = time.perf_counter() - begin
    for _ in chunks:
        pass
    return first, time.perf_counter() - begin


def lists(many: Organization) -> Iterator[Figure]:
    """Measure the lists and searches of organizations, owners and cameras."""
    cameras = reverse("usage:cameras", args=[many.pk])
    found, owners = reverse("organizations:list"), reverse("organizations:find_owners")
    yield from _listed(
        ("organizations list", found, {}),
        ("organizations list, last page", found, {"page": "99999"}),
        ("organizations list, search for a title", found, {"q": "hotel 4242"}),
        ("organizations list, search for an owner", found, {"q": "anna.adler35@"}),
        ("owner look-up, one found", owners, {"q": "greta.evans34"}),
        ("owner look-up, many found", owners, {"q": "anna"}),
        ("camera list", cameras, {}),
        ("camera list, including those not in use", cameras, {"state": "all"}),
        ("camera list, search for one", cameras, {"q": "yard 1701"}),
    )


def invoices() -> Iterator[Figure]:
    """Measure the list of invoices and the receivables, with all invoices in the database."""
    number = Invoice.objects.count()
    listed, receivables = reverse("invoices:list"), reverse("payments:receivables")
    yield from _listed(
        (f"list of {number:,} invoices", listed, {}),
        (f"list of {number:,} invoices, last page", listed, {"page": "99999"}),
        (f"list of {number:,} invoices, search", listed, {"q": "hotel 42"}),
        (f"list of {number:,} invoices, overdue", listed, {"state": "overdue"}),
        (f"receivables of {number:,} invoices", receivables, {}),
    )


def _listed(*requests: tuple[str, str, dict[str, str]]) -> Iterator[Figure]:
    client = operator()
    for what, address, query in requests:
        times = side_by_side(LIST_RUNS, lambda: page_of(client, address, query))  # noqa: B023
        yield Figure(
            what,
            "",
            milliseconds(times[0]),
            f"under {milliseconds(LIST_LIMIT)}",
            times[0] / LIST_LIMIT,
        )
