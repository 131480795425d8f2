"""Send invoices by mail with one worker.

Arguments: `documents`, how many; and `with_pdfs`, whether their PDFs are stored already or are made
while they are sent. Documents that are not issued yet are issued first, two for each organization.
Returns the messages per second, how many the mail server accepted, how many of them twice, and the
processor time and peak memory of the worker.
"""

import asyncio
import json
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import django
import psutil

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks.data import MONTH  # noqa: E402
from benchmarks.invoice_run import _are_up, _peak_memory  # noqa: E402
from invoices.documents.archive import keep_pdf  # noqa: E402
from invoices.issuing import operations  # noqa: E402
from invoices.models import Invoice  # noqa: E402
from invoices.sending import deliveries  # noqa: E402
from invoices.sending.models import Delivery  # noqa: E402
from local_run.tests.helpers import wait_until  # noqa: E402
from organizations.models import Organization  # noqa: E402
from tests.jobs import WorkerProcess  # noqa: E402

_SUBJECT = re.compile(rb"^Subject: .*$", re.MULTILINE)
_END = b"\r\n.\r\n"


class Sink(asyncio.Protocol):
    """A mail server that accepts everything, and counts the emails of each document by subject.

    It looks only for the end of a mail: one that reads each line takes longer than the worker.
    """

    def __init__(self, accepted: Counter[bytes]) -> None:
        self._accepted = accepted
        self._received = bytearray()
        self._is_in_mail = False

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        transport.write(b"220 sink ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(_END if self._is_in_mail else b"\r\n")) >= 0:
            text = bytes(self._received[:end])
            del self._received[: end + len(_END if self._is_in_mail else b"\r\n")]
            self._transport.write(self._answer(text))

    def _answer(self, text: bytes) -> bytes:
        if self._is_in_mail:
            self._accepted[_SUBJECT.findall(text)[0]] += 1
        self._is_in_mail = not self._is_in_mail and text.upper() == b"DATA"
        if text.upper() == b"QUIT":
            self._transport.close()
        return b"354 Go ahead\r\n" if self._is_in_mail else b"250 OK\r\n"


@contextmanager
def mail_server() -> Iterator[tuple[int, Counter[bytes]]]:
    """Give the port of a server in a thread, and how often it has accepted each mail."""
    accepted: Counter[bytes] = Counter()
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(lambda: Sink(accepted), "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield server.sockets[0].getsockname()[1], accepted
    loop.call_soon_threadsafe(loop.stop)
    thread.join()


def send(*, documents: int, with_pdfs: bool) -> dict[str, float]:
    now = timezone.now()
    Organization.objects.filter(billing_email="").update(billing_email="accounts@example.com")
    missing = Organization.objects.filter(invoices=None).order_by("pk").values_list("pk", flat=True)
    for pk in missing[: max(0, documents - Invoice.objects.count() + 1) // 2]:
        operations.issue(organization_id=pk, period=MONTH, now=now, by=None)
    tables = ["invoices_delivery", "procrastinate_jobs", "procrastinate_workers"]
    if not with_pdfs:
        tables.append("invoices_storeddocument")
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
    issued = list(Invoice.objects.select_related("organization").order_by("pk")[:documents])
    if with_pdfs:
        for each in issued:
            keep_pdf(each)
    with mail_server() as (port, accepted):
        worker = WorkerProcess(CONN_MAX_AGE="60", EMAIL_URL=f"smtp://127.0.0.1:{port}")
        try:
            wait_until(lambda: _are_up(1), 60)
            process = psutil.Process(worker.pid)
            begin, begin_cpu = time.perf_counter(), sum(process.cpu_times()[:2])
            with transaction.atomic():
                deliveries.ask_for_issued(invoices=issued, now=now, by=None)
            waiting = Delivery.objects.filter(state=Delivery.State.WAITING)
            while waiting.exists():
                time.sleep(0.2)
            took = time.perf_counter() - begin
            memory = _peak_memory(worker.pid)
            used = sum(process.cpu_times()[:2]) - begin_cpu
        finally:
            worker.kill()
    return {
        "a second": len(issued) / took,
        "accepted": accepted.total(),
        "twice": accepted.total() - len(accepted),
        "documents": len(issued),
        "ms of the worker's processor time each": used / len(issued) * 1000,
        "memory": memory,
    }


if __name__ == "__main__":
    print(json.dumps(send(**json.loads(sys.argv[1]))))
