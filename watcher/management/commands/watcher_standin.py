"""The command `watcher_standin`: serve a stand-in for Flussonic Watcher."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from watcher.standin.seed import ADMINISTRATOR, SERVICE_USER, Size
from watcher.standin.standin import StandIn

MAX_ORGANIZATIONS = 100_000
MAX_CAMERAS = 1_000_000


class Command(BaseCommand):
    """Serve until it is stopped."""

    help = "Serve a stand-in for Flussonic Watcher on 127.0.0.1, in memory, until it is stopped."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        size = Size()
        parser.add_argument("--port", type=int, default=8095, help="0 takes a free port")
        parser.add_argument("--seed", type=int, default=size.seed)
        parser.add_argument("--organizations", type=int, default=size.organizations, metavar="N")
        parser.add_argument("--cameras", type=int, default=size.cameras, metavar="M")
        parser.add_argument("--watcher-version", type=int, default=26, choices=(25, 26))

    def handle(
        self,
        *args: Any,
        port: int,
        seed: int,
        organizations: int,
        cameras: int,
        watcher_version: int,
        **options: Any,
    ) -> None:
        for name, value, most in (
            ("--organizations", organizations, MAX_ORGANIZATIONS),
            ("--cameras", cameras, MAX_CAMERAS),
        ):
            if not 1 <= value <= most:
                raise CommandError(
                    _("%(option)s must be between 1 and %(maximum)s.")
                    % {"option": name, "maximum": most}
                )
        size = Size(organizations=organizations, cameras=cameras, seed=seed)
        try:
            standin = StandIn(size, port=port, version=watcher_version)
        except (OSError, OverflowError) as error:
            raise CommandError(
                _("Port %(port)s cannot be used: %(reason)s. Choose another one with --port.")
                % {"port": port, "reason": error}
            ) from error
        stopped = Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda _number, _frame: stopped.set())
        with standin:
            self._introduce(standin)
            stopped.wait()

    def _introduce(self, standin: StandIn) -> None:
        """Print where it is and how to sign in; nothing of this is secret."""
        rows = [
            (_("Page"), f"{standin.url}/standin/"),
            (_("API v3, client scope"), standin.client_base),
            (_("API v3, admin scope"), standin.admin_base),
            (_("API v2"), standin.v2_base),
            (_("Control interface"), standin.control_base),
            (_("Administrator"), " / ".join(ADMINISTRATOR)),
            (_("Service user"), " / ".join(SERVICE_USER)),
            (_("System key of API v2"), standin.sessions.system_key),
        ]
        width = max(len(label) for label, _value in rows)
        for label, value in rows:
            self.stdout.write(f"{label:<{width}}  {value}")
        self.stdout.flush()
