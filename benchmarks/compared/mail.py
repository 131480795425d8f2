"""Send invoices by mail with one worker.

Arguments: `documents`, how many; and `with_pdfs`, whether their PDFs are stored already or are made
while they are sent. Documents that are not issued yet are issued first, two for each organization.
Returns the messages per second, how many the mail server accepted, how many of them twice, and the
processor time and peak memory of the worker.
"""

import json
import logging
import re
import socket
import sys
import time
from collections import Counter

import django
import psutil

django.setup()

from aiosmtpd.controller import Controller  # noqa: E402
from aiosmtpd.smtp import SMTP, Envelope, Session  # noqa: E402
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


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Sink:
    """Accepts every mail and counts those of each document, which its subject names."""

    def __init__(self) -> None:
        self.accepted: Counter[bytes] = Counter()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        self.accepted[_SUBJECT.findall(content)[0]] += 1
        return "250 OK"


def send(*, documents: int, with_pdfs: bool) -> dict[str, float]:
    now = timezone.now()
    Organization.objects.filter(billing_email="").update(billing_email="accounts@example.com")
    missing = Organization.objects.filter(invoices=None).order_by("pk").values_list("pk", flat=True)
    for pk in missing[: (documents - Invoice.objects.count() + 1) // 2]:
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
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    worker = WorkerProcess(CONN_MAX_AGE="60", EMAIL_URL=f"smtp://127.0.0.1:{controller.port}")
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
        controller.stop()
    return {
        "a second": len(issued) / took,
        "accepted": sink.accepted.total(),
        "twice": sink.accepted.total() - len(sink.accepted),
        "documents": len(issued),
        "ms of the worker's processor time each": used / len(issued) * 1000,
        "memory": memory,
    }


if __name__ == "__main__":
    print(json.dumps(send(**json.loads(sys.argv[1]))))
