"""Configure the app for cameras and their usage."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UsageConfig(AppConfig):
    """Give the app its name in Django admin."""

    name = "usage"
    verbose_name = _("Usage")

    def ready(self) -> None:
        """Add the tabs of an organization, and its partner and customers to its header."""
        from foundation.web import tabs
        from organizations import header
        from usage.partners.facts import partner_or_customers

        tabs.register(
            tabs.Tab(20, _("Usages"), ("usage:usages",)),
            tabs.Tab(30, _("Cameras"), ("usage:cameras",)),
            tabs.Tab(
                78,
                _("Partner"),
                (
                    "usage:partners",
                    "usage:customers",
                    "usage:add_partnership",
                    "usage:end_partnership",
                ),
                is_for_owners=False,
            ),
        )
        header.register("usage/partners/_fact.html", partner_or_customers)
