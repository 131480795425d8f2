"""Create the first operator: Django's command, recorded by the audit."""

from django.contrib.auth.management.commands import createsuperuser

from foundation.audit.recording import AuditedCommand


class Command(AuditedCommand, createsuperuser.Command):
    """Ask for an email address and a password, and create the user."""
