"""Configuration of the reports app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    """The reports app."""

    name = "reports"
    verbose_name = _("Reports")

    def ready(self) -> None:
        """Add the overview to the tabs of an organization."""
        from foundation.web import tabs

        contacts = ("organizations:add_contact", "organizations:edit_contact")
        tabs.register(tabs.Tab(10, _("Overview"), ("reports:overview", *contacts)))
