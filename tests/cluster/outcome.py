"""What a drill left in the database, the logs and the mailbox."""

from __future__ import annotations

import gzip
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from psycopg import Connection

from tests.cluster.browsing import Browser, Load
from tests.cluster.cluster import Cluster

# Those that the run issued: the demonstration has invoices of some months, and cancelled ones.
_OF_RUN = """
    kind = 'invoice' AND period_from = %(month)s
    AND issued_at >= (SELECT started_at FROM invoices_invoicerun WHERE month = %(month)s)
"""
_PER_ORGANIZATION = f"""
    SELECT count(*) FROM (
        SELECT FROM invoices_invoice WHERE {_OF_RUN}
        GROUP BY organization_id, currency HAVING count(*) > 1
    ) AS twice
"""
# The documents of each series must have the numbers from 1 to its last one.
_NUMBERS = """
    SELECT coalesce(sum(last_number - used), 0), coalesce(sum(used - different), 0)
    FROM (
        SELECT last_number, count(invoice.id) AS used, count(DISTINCT invoice.number) AS different
        FROM invoices_numberseries AS series LEFT JOIN invoices_invoice AS invoice
            ON invoice.number ~ format('^%%s-%%s-[0-9]+$', series.prefix, series.year)
        GROUP BY series.id
    ) AS of_series
"""
_DOCUMENTS = f"""
    SELECT invoice.id, invoice.number, charges_sha256, charges.content, document.pdf,
        EXISTS (SELECT FROM invoices_delivery WHERE invoice_id = invoice.id) AS is_mailed,
        (SELECT sum(amount) FROM invoices_invoiceline WHERE invoice_id = invoice.id) = net
            AND (SELECT sum(amount) FROM invoices_invoicetax WHERE invoice_id = invoice.id)
                = tax_amount
            AND EXISTS (SELECT FROM invoices_openitem WHERE invoice_id = invoice.id)
            AND EXISTS (SELECT FROM invoices_invoicedperiod WHERE invoice_id = invoice.id)
            AND EXISTS (SELECT FROM invoices_invoiceevent WHERE pgh_obj_id = invoice.id)
    FROM invoices_invoice AS invoice
    LEFT JOIN invoices_frozencharges AS charges ON charges.invoice_id = invoice.id
    LEFT JOIN invoices_storeddocument AS document ON document.invoice_id = invoice.id
    WHERE {_OF_RUN}
"""


@dataclass
class Outcome:
    """The figures of a drill."""

    invoices: int = 0
    invoices_twice: int = 0
    numbers_missing: int = 0
    numbers_twice: int = 0
    documents_incomplete: int = 0
    jobs_again: int = 0
    jobs_twice: int = 0
    jobs_failed: int = 0
    mails_missing: int = 0
    mails_twice: int = 0
    payments_lost: int = 0
    payments_twice: int = 0
    payments_unconfirmed: int = 0

    def is_right(self) -> bool:
        """Tell whether money and documents are right; a mail may be sent twice."""
        wrong = (
            self.invoices_twice,
            self.numbers_missing,
            self.numbers_twice,
            self.documents_incomplete,
            self.jobs_failed,
            self.mails_missing,
            self.payments_lost,
            self.payments_twice,
        )
        return self.invoices > 0 and not any(wrong)


def outcome_of(
    cluster: Cluster, month: date, load: Load, lines_before: Counter[str], reader: Browser
) -> Outcome:
    """Collect the figures of the drill that ran a month."""
    outcome = Outcome()
    with cluster.connect() as connection:
        _count_invoices(connection, month, outcome)
        _count_documents(connection, month, cluster.mailbox.documents, reader, outcome)
        _count_payments(connection, load, outcome)
    _count_jobs(cluster, lines_before, outcome)
    return outcome


def job_lines(cluster: Cluster) -> Counter[str]:
    """Return how many lines about jobs the workers have logged, by host."""
    return Counter(
        {name: sum(1 for _ in _jobs(cluster, name)) for name in ("worker-1", "worker-2")}
    )


def _jobs(cluster: Cluster, name: str) -> Sequence[dict[str, Any]]:
    lines = cluster.log_lines(name)
    return [line for line in lines if line["logger"] == "foundation.jobs" and "job_id" in line]


def _count_invoices(connection: Connection[Any], month: date, outcome: Outcome) -> None:
    (outcome.invoices_twice,) = _row(connection, _PER_ORGANIZATION, month)
    outcome.numbers_missing, outcome.numbers_twice = map(int, _row(connection, _NUMBERS, month))


def _count_documents(
    connection: Connection[Any],
    month: date,
    mailed: Sequence[str],
    reader: Browser,
    outcome: Outcome,
) -> None:
    sent = Counter(mailed)
    for pk, number, digest, content, pdf, is_mailed, adds_up in connection.execute(
        _DOCUMENTS, {"month": month}
    ):
        outcome.invoices += 1
        whole = bool(content) and hashlib.sha256(gzip.decompress(content)).hexdigest() == digest
        if pdf:
            has_pdf = pdf.startswith(b"%PDF") and b"factur-x.xml" in pdf
        else:
            # Nobody has needed it yet; a periodic job will store it.
            has_pdf = not is_mailed and reader.get(f"/invoices/{pk}.pdf") == 200
        outcome.documents_incomplete += not (adds_up and whole and has_pdf)
        outcome.mails_missing += is_mailed and not sent[number]
        outcome.mails_twice += sent[number] > 1


def _count_payments(connection: Connection[Any], load: Load, outcome: Outcome) -> None:
    references = load.recorded + load.uncertain
    found = Counter(
        reference
        for (reference,) in connection.execute(
            "SELECT reference FROM payments_payment WHERE reference = ANY(%s)", [references]
        )
    )
    outcome.payments_lost = sum(found[each] == 0 for each in load.recorded)
    outcome.payments_twice = sum(times > 1 for times in found.values())
    outcome.payments_unconfirmed = sum(found[each] for each in load.uncertain)


def _count_jobs(cluster: Cluster, lines_before: Counter[str], outcome: Outcome) -> None:
    successes: Counter[int] = Counter()
    for name, number in lines_before.items():
        for line in _jobs(cluster, name)[number:]:
            outcome.jobs_failed += line["level"] == "ERROR"
            outcome.jobs_again += line["attempt"] > 1
            successes[line["job_id"]] += line["level"] == "INFO"
    outcome.jobs_twice = sum(times > 1 for times in successes.values())


def _row(connection: Connection[Any], query: str, month: date) -> Any:
    return connection.execute(query, {"month": month}).fetchone()
