"""The command `demo_watcher`: serve the stand-in of Watcher that the demonstration has."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from threading import Event
from typing import Any

from django.db import connections
from django.utils import timezone

from foundation.audit.recording import AuditedCommand
from local_run.console import say
from local_run.watcher_connection import (
    NoStandIn,
    connect,
    prepare_ledger,
    refuse_what_is_not_the_demonstration,
)
from local_run.watcher_contents import SERVICE_USER, fill_from_ledger
from watcher.standin.standin import StandIn


class Command(AuditedCommand):
    """Serve until it is stopped; end at once, and say why, if there can be no stand-in."""

    help = "Serve the stand-in of Watcher to which the demonstration is linked, as make run does."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, required=True)

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        stopped = Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda _number, _frame: stopped.set())
        try:
            refuse_what_is_not_the_demonstration()
            standin = StandIn(port=port)
        except NoStandIn as reason:
            say(f"No stand-in of Watcher is started: {reason}")
            return
        except OSError as error:
            say(
                f"The stand-in of Watcher was not started: port {port} cannot be used "
                f"({error.strerror}). Everything else works; only readings of Watcher fail."
            )
            return
        prepare_ledger()
        fill_from_ledger(standin.watcher)
        with standin:
            connect(standin.url, clock=timezone.now)
            # It may run for days, and the database may be restarted meanwhile.
            connections.close_all()
            _introduce(standin)
            stopped.wait()


def _introduce(standin: StandIn) -> None:
    login, password = SERVICE_USER
    say(
        f"\nA stand-in of Watcher is at {standin.url}/standin/\n"
        f"  signs in    {login}  password {password}\n"
        "  Change a camera there: within a minute Watcher, Changes and the page of the camera\n"
        "  show it. Change a tariff plan or a camera here: within seconds it is changed there."
    )
