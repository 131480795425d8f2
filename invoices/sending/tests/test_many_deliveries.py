"""Tests of sending many documents: a job sends a batch of them, each once, whatever happens."""

import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from invoices import tasks
from invoices.documents import archive
from invoices.documents.archive import keep_pdf
from invoices.documents.document import Document
from invoices.documents.pdf import pdf
from invoices.models import Invoice, StoredDocument
from invoices.sending import deliveries
from invoices.sending.models import Delivery
from invoices.tests.factories import BilledOrganizationFactory, BilledUseFactory, issued_invoice
from invoices.uninvoiced import keeping
from local_run.tests.helpers import wait_until
from tests.fixtures import StartWorker
from tests.jobs import WorkerProcess, due_now, jobs, run_jobs
from tests.mail_server import MailServer

pytestmark = pytest.mark.django_db(transaction=True)

CONNECTIONS = 4


@pytest.fixture(autouse=True)
def connections(settings: Settings) -> None:
    settings.EMAIL_CONNECTIONS = CONNECTIONS


@pytest.fixture
def invoice() -> Invoice:
    """An issued invoice that nobody has asked to be sent."""
    organization = BilledOrganizationFactory.create(billing_email="")
    return issued_invoice(BilledUseFactory.create(camera__organization=organization).organization)


@pytest.fixture
def ask(invoice: Invoice) -> Callable[[int], None]:
    """Return a function that asks for deliveries to `n0@example.com`, `n1@example.com`, ..."""

    def asked(number: int) -> None:
        now = timezone.now()
        deliveries._ask_all(
            [
                Delivery(invoice=invoice, email=f"n{place}@example.com", asked_at=now)
                for place in range(number)
            ]
        )

    return asked


@pytest.fixture
def start(smtp_server: MailServer, start_worker: StartWorker) -> Callable[[], WorkerProcess]:
    """Start workers that send to the mail server."""
    return partial(start_worker, EMAIL_URL=f"smtp://127.0.0.1:{smtp_server.port}")


def states() -> Counter[str]:
    return Counter(Delivery.objects.values_list("state", flat=True))


def recipients(smtp_server: MailServer) -> list[str]:
    return sorted(str(mail["To"]) for mail in smtp_server.messages)


def names(*numbers: int) -> list[str]:
    return sorted(f"n{number}@example.com" for number in numbers)


def test_a_job_sends_many_mails_over_few_connections_and_closes_them(
    ask: Callable[[int], None], smtp_server: MailServer
) -> None:
    ask(20)

    run_jobs()

    assert recipients(smtp_server) == names(*range(20))
    assert states() == {"sent": 20}
    assert len(smtp_server.accepted) <= CONNECTIONS
    assert smtp_server.closed == len(smtp_server.accepted)


def test_many_deliveries_are_few_jobs(ask: Callable[[int], None]) -> None:
    ask(120)

    assert [len(job["args"]["delivery_ids"]) for job in jobs()] == [50, 50, 20]


def test_mails_do_not_wait_for_comparisons(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(keeping, "keep", lambda **_: done.append("comparison"))
    monkeypatch.setattr(deliveries, "send", lambda **_: done.append("mail"))
    tasks.check_invoices.defer(organization_ids=[1])
    tasks.send_deliveries.defer(delivery_ids=[1], user_id=None)

    run_jobs()

    assert done == ["mail", "comparison"]


@pytest.mark.usefixtures("smtp_server")
def test_a_batch_is_read_and_recorded_with_few_queries(
    ask: Callable[[int], None],
    invoice: Invoice,
    django_assert_num_queries: Callable[..., Any],
) -> None:
    keep_pdf(invoice)
    ask(3 * CONNECTIONS)
    pks = list(Delivery.objects.values_list("pk", flat=True))

    # Four read the deliveries, the PDFs, the sender and the texts. Then each few begin, lock,
    # record and commit.
    with django_assert_num_queries(4 + 3 * 4):
        deliveries.send(delivery_ids=pks, now=timezone.now())


@pytest.mark.usefixtures("smtp_server")
def test_missing_pdfs_of_a_batch_are_made_and_stored_with_few_queries(
    django_assert_num_queries: Callable[..., Any],
) -> None:
    for _ in range(CONNECTIONS):
        issued_invoice()
    pks = list(Delivery.objects.values_list("pk", flat=True))

    # As above, and four read what documents state, three store their PDFs, and one reads these.
    with django_assert_num_queries(4 + 4 + 3 + 1 + 4):
        deliveries.send(delivery_ids=pks, now=timezone.now())

    assert states() == {"sent": CONNECTIONS}
    assert StoredDocument.objects.count() == CONNECTIONS


def test_a_document_that_cannot_be_printed_does_not_keep_others_from_being_sent(
    smtp_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = issued_invoice(), issued_invoice()

    def unless_broken(document: Document) -> bytes:
        if document.number == broken.number:
            raise ValueError
        return pdf(document)

    monkeypatch.setattr(archive, "pdf", unless_broken)

    run_jobs()

    assert len(smtp_server.messages) == 1
    assert Delivery.objects.get(state="sent").invoice == sound
    assert Delivery.objects.get(state="waiting").problem == "ValueError"


def test_a_refused_address_does_not_keep_others_from_being_sent(
    ask: Callable[[int], None], smtp_server: MailServer
) -> None:
    smtp_server.unknown = "n1@example.com"
    ask(6)

    run_jobs()

    assert recipients(smtp_server) == names(0, 2, 3, 4, 5)
    refused = Delivery.objects.get(state="waiting")
    assert (refused.attempts, refused.problem) == (1, "550 5.1.1 Ящика нет")
    assert [(job["status"], job["attempts"]) for job in jobs()] == [("todo", 1)]
    smtp_server.unknown = ""
    due_now()
    run_jobs()
    assert recipients(smtp_server) == names(*range(6))
    assert jobs() == []


def test_a_mail_that_cannot_be_made_does_not_keep_others_from_being_sent(
    ask: Callable[[int], None], smtp_server: MailServer
) -> None:
    ask(3)
    Delivery.objects.filter(email="n1@example.com").update(email="n1@example.com\nBcc: all")

    run_jobs()

    assert recipients(smtp_server) == names(0, 2)
    broken = Delivery.objects.get(state="waiting")
    assert (broken.attempts, broken.problem) == (1, "ValueError")


def test_a_server_that_takes_few_mails_from_a_connection_gets_more_connections(
    ask: Callable[[int], None], smtp_server: MailServer
) -> None:
    smtp_server.most_per_connection = 2
    ask(20)

    run_jobs()

    assert recipients(smtp_server) == names(*range(20))
    assert jobs() == []


def test_the_rest_is_sent_later_if_the_server_goes_away(
    ask: Callable[[int], None], smtp_server: MailServer
) -> None:
    smtp_server.most = 2 * CONNECTIONS
    ask(20)

    run_jobs()

    # Those that were sent at once when the server went away were tried, the rest was not.
    assert states() == {"sent": 2 * CONNECTIONS, "waiting": 12}
    assert Delivery.objects.filter(state="waiting", attempts=1).count() == CONNECTIONS
    smtp_server.most = 20
    due_now()
    run_jobs()
    assert recipients(smtp_server) == names(*range(20))
    assert states() == {"sent": 20}


def test_all_have_failed_with_a_reason_if_the_server_stays_away(
    ask: Callable[[int], None], no_smtp_server: None
) -> None:
    ask(2 * CONNECTIONS)

    for _ in range(11):
        run_jobs()
        due_now()

    assert states() == {"failed": 2 * CONNECTIONS}
    assert all("Connection refused" in each.problem for each in Delivery.objects.all())


def test_a_killed_worker_sends_again_only_what_it_was_sending(
    ask: Callable[[int], None], smtp_server: MailServer, start: Callable[[], WorkerProcess]
) -> None:
    smtp_server.slow = "n9@example.com"
    ask(20)
    worker = start()
    # The others that are sent at the same time have been accepted, but are not recorded as sent.
    wait_until(lambda: len(smtp_server.messages) == 2 * CONNECTIONS + CONNECTIONS - 1)

    worker.kill()
    assert states() == {"sent": 2 * CONNECTIONS, "waiting": 12}
    smtp_server.may_answer.set()
    start()
    wait_until(lambda: states() == {"sent": 20})

    often = Counter(recipients(smtp_server))
    assert set(often) == set(names(*range(20)))
    assert {name for name, times in often.items() if times > 1} <= set(names(8, 9, 10, 11))


def test_mails_keep_to_a_limit_per_second(
    ask: Callable[[int], None], smtp_server: MailServer, settings: Settings
) -> None:
    settings.EMAIL_MOST_PER_SECOND = 10
    begin = time.monotonic()
    ask(6)

    run_jobs()

    assert len(smtp_server.messages) == 6
    assert time.monotonic() - begin >= 0.5


@pytest.mark.parametrize(("limit", "sizes"), [(2, [10, 2]), (0.1, [1] * 12), (100, [12])])
def test_a_job_is_short_also_with_a_limit(
    ask: Callable[[int], None], settings: Settings, limit: float, sizes: list[int]
) -> None:
    settings.EMAIL_MOST_PER_SECOND = limit
    ask(12)

    assert [len(job["args"]["delivery_ids"]) for job in jobs()] == sizes


def test_a_job_of_the_version_before_sends_its_delivery(
    ask: Callable[[int], None], smtp_server: MailServer
) -> None:
    ask(1)
    tasks.send.defer(delivery_id=Delivery.objects.get().pk, user_id=None)

    run_jobs()

    assert len(smtp_server.messages) == 1
    assert jobs() == []
