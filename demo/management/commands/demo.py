"""The command `demo`: fill an empty database with demonstration data."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import UTC
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from demo.load import load_demonstration
from demo.records import Sizes
from demo.sign_ins import SIGN_INS
from demo.usage_load import NotEmptyError
from foundation.audit.recording import AuditedCommand

MAX_ORGANIZATIONS = 100_000
MAX_CAMERAS = 10_000_000


class Command(AuditedCommand):
    """Load the demonstration and print its sign-ins."""

    help = (
        "Fill an empty database with an invented provider and a year of camera usage. "
        "The passwords of its sign-ins are public, so it is refused where HTTPS is on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        sizes = Sizes()
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same data")
        parser.add_argument("--organizations", type=int, default=sizes.organizations, metavar="N")
        parser.add_argument("--cameras", type=int, default=sizes.cameras, metavar="M")

    def handle(
        self, *args: Any, seed: int, organizations: int, cameras: int, **options: Any
    ) -> None:
        if not 1 <= organizations <= MAX_ORGANIZATIONS:
            raise CommandError(
                _("--organizations must be between 1 and %(maximum)s.")
                % {"maximum": MAX_ORGANIZATIONS}
            )
        if not 0 <= cameras <= MAX_CAMERAS:
            raise CommandError(
                _("--cameras must be between 0 and %(maximum)s.") % {"maximum": MAX_CAMERAS}
            )
        if settings.HTTPS:
            # Everybody can read the passwords of its sign-ins.
            raise CommandError(
                _(
                    "HTTPS is on, so this looks like a server that people use. The passwords of "
                    "the demonstration are public. Set HTTPS=false to load it on your own machine."
                )
            )
        hidden = options["verbosity"] == 0
        with tqdm(desc=_("Cameras"), total=cameras, unit="", disable=hidden) as bar:
            try:
                load_demonstration(
                    seed=seed,
                    today=timezone.now().astimezone(UTC).date(),
                    sizes=Sizes(organizations, cameras),
                    progress=bar.update,
                )
            except NotEmptyError:
                raise CommandError(
                    _(
                        "The database is not empty. Demo data can only be loaded into a "
                        "database without users, tariff plans, organizations or cameras."
                    )
                ) from None
        for role, email, password in SIGN_INS:
            self.stdout.write(f"{role}: {email}  {password}")
