"""Django admin, as support staff see it."""

from django.contrib.admin.apps import AdminConfig


class SupportAdminConfig(AdminConfig):
    """Django admin whose door is opened by the support role."""

    default_site = "billing_admin.admin_site.SupportAdminSite"

    def ready(self) -> None:
        """Take away what libraries register and nobody here uses; add our own checks."""
        super().ready()
        from allauth.account.models import EmailAddress
        from django.contrib import admin
        from django.contrib.auth.models import Group
        from procrastinate.contrib.django.models import ProcrastinateJob

        from billing_admin import checks  # noqa: F401

        admin.site.unregister([Group, EmailAddress, ProcrastinateJob])
