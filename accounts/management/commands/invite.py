"""Invite a colleague or an owner from the command line."""

import argparse
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser

from accounts import operations
from accounts.models import Role, User
from foundation.audit.recording import AuditedCommand


class Command(AuditedCommand):
    """Create a user and mail them a link to set their password."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the address, the role and the name."""
        parser.add_argument("email", type=_email)
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--name", default="")

    def handle(self, *args: Any, email: str, role: str, name: str, **options: Any) -> None:
        """Invite a user, or resend the mail if they are already invited.

        Raises:
            CommandError: `BASE_URL` is not set; the user has another role, is activated or may not
                sign in; or the mail was not sent.
        """
        if not settings.BASE_URL:
            raise CommandError(
                "Set BASE_URL to the address of this site, such as https://billing.example.com: "
                "the link in the mail begins with it."
            )
        user = _invited(email=email, role=role, name=name)
        try:
            operations.send_activation(user=user)
        except operations.AlreadyActivated as error:
            raise CommandError(f"{email} is already activated.") from error
        except operations.MayNotSignIn as error:
            raise CommandError(f"{email} is not allowed to sign in.") from error
        except operations.MailNotSent as error:
            raise CommandError(
                f"{email} has been invited, but the activation mail could not be sent: "
                f"{error.__cause__}. Run this command again to send it."
            ) from error
        self.stdout.write(f"{email} has been invited as {role}; the activation mail has been sent.")


def _invited(*, email: str, role: str, name: str) -> User:
    try:
        return operations.invite(email=email, name=name, role=role)
    except operations.AlreadyExists as error:
        if error.user.role != role:
            raise CommandError(
                f"{email} already exists with the role {error.user.role}."
            ) from error
        return error.user


def _email(text: str) -> str:
    email = User.objects.normalize_email(text)
    try:
        User._meta.get_field("email").run_validators(email)
    except ValidationError as error:
        raise argparse.ArgumentTypeError("; ".join(error.messages)) from error
    return email
