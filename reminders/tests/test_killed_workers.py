"""Workers that are killed while they send reminders lose nothing and send each level once."""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest
from django.conf import settings

from accounts.models import User
from invoices.models import Delivery
from invoices.tests.factories import BilledUseFactory, issued_invoice
from local_run.tests.helpers import wait_until
from organizations.models import OneOffCharge
from reminders import sending
from reminders.models import Reminder, ReminderItem, ReminderMail
from reminders.tests.factories import a_level, after, look
from tests.fixtures import StartWorker
from tests.jobs import due_now, run_jobs
from tests.mail_server import MailServer

pytestmark = pytest.mark.django_db(transaction=True)

NUMBER = 24
# A port on which nothing listens.
NOWHERE = "smtp://127.0.0.1:1"


def names(*numbers: int) -> set[str]:
    return {f"n{number}@example.com" for number in numbers}


def states() -> Counter[str]:
    return Counter(ReminderMail.objects.values_list("state", flat=True))


def test_each_level_is_sent_once(
    operator: User, smtp_server: MailServer, start_worker: StartWorker
) -> None:
    a_level(fee="5.00")
    for number in range(NUMBER):
        uses = BilledUseFactory.create(camera__organization__billing_email=f"n{number}@example.com")
        look(issued_invoice(uses.camera.organization).organization, 10)
    Delivery.objects.all().delete()
    run_jobs()
    proposed = list(Reminder.objects.values_list("pk", flat=True))
    sending.approve(ids=proposed, now=after(10), by=operator)

    def sent() -> int:
        return Reminder.objects.filter(state="sent").count()

    # First the charges and requests of mails are interrupted, twice; no mail can be sent yet.
    for least in (1, NUMBER // 2):
        worker = start_worker(EMAIL_URL=NOWHERE)
        wait_until(lambda least=least: sent() >= least, 60)  # type: ignore[misc]
        worker.kill()
    worker = start_worker(EMAIL_URL=NOWHERE)
    wait_until(lambda: sent() == NUMBER, 60)
    worker.kill()
    assert not smtp_server.messages

    # Then the mails: the server has accepted some that are not recorded as sent.
    start = partial(start_worker, EMAIL_URL=f"smtp://127.0.0.1:{smtp_server.port}")
    at_once = settings.EMAIL_CONNECTIONS
    smtp_server.slow = "n9@example.com"
    due_now()
    worker = start()
    wait_until(lambda: "n8@example.com" in {mail["To"] for mail in smtp_server.messages}, 60)
    worker.kill()
    recorded = set(ReminderMail.objects.filter(state="sent").values_list("email", flat=True))
    smtp_server.may_answer.set()
    due_now()
    start()
    wait_until(lambda: states() == {"sent": NUMBER}, 60)

    assert ReminderItem.objects.count() == OneOffCharge.objects.count() == NUMBER
    assert set(Reminder.objects.values_list("state", flat=True)) == {"sent"}
    often = Counter(str(mail["To"]) for mail in smtp_server.messages)
    assert often.keys() == names(*range(NUMBER))
    assert max(often.values()) <= 2
    again = {name for name, times in often.items() if times > 1}
    assert not again & recorded
    assert len(again) < at_once
