"""Configure the app for cameras and their usage."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UsageConfig(AppConfig):
    """Give the app its name in Django admin."""

    name = "usage"
    verbose_name = _("Usage")

    def ready(self) -> None:
        """Add the tabs of an organization."""
        from foundation.web import tabs

        tabs.register(
            tabs.Tab(20, _("Usages"), ("usage:usages",)),
            tabs.Tab(30, _("Cameras"), ("usage:cameras",)),
        )
