"""Add the first operator; as Django has it, and recorded."""

from django.contrib.auth.management.commands import createsuperuser

from foundation.audit.recording import AuditedCommand


class Command(AuditedCommand, createsuperuser.Command):
    """Ask for an email address and a password, and create the user."""
