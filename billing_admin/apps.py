"""The app that replaces Django admin's own."""

from django.contrib.admin.apps import AdminConfig


class SupportAdminConfig(AdminConfig):
    """Django admin that only support staff may use."""

    default_site = "billing_admin.admin_site.SupportAdminSite"

    def ready(self) -> None:
        """Unregister unused models of libraries; register our system checks and signals."""
        super().ready()
        from allauth.account.models import EmailAddress
        from django.contrib import admin
        from django.contrib.auth.models import Group
        from procrastinate.contrib.django.models import ProcrastinateJob

        from billing_admin import checks  # noqa: F401
        from foundation.statement_limits import connect_signals

        admin.site.unregister([Group, EmailAddress, ProcrastinateJob])
        connect_signals()
