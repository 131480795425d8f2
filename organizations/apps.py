"""The app for organizations."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganizationsConfig(AppConfig):
    """The configuration, with the app's name in Django admin."""

    name = "organizations"
    verbose_name = _("Organizations")

    def ready(self) -> None:
        """Add the tabs of an organization, and what other pages show of organizations."""
        from accounts.mail_texts import kinds
        from foundation.web import attention, tabs
        from organizations import header
        from organizations.addresses.texts import APPROVED, ASKED, REFUSED
        from organizations.addresses.views import needing_attention
        from organizations.agreement.dearer import dearer_than
        from organizations.agreement.suspensions import suspension_fact
        from tariffs import dearer

        dearer.register(dearer_than)
        header.register("organizations/agreement/_suspension_fact.html", suspension_fact)
        attention.register(needing_attention)
        for kind in (ASKED, APPROVED, REFUSED):
            kinds.register(kind)
        agreement = ("agreement", "add_term", "edit_term", "end_term", "withdraw_term")
        billing = ("billing", "withdraw_billing", "propose_address", "address", "refuse_address")
        tabs.register(
            tabs.Tab(
                60,
                _("Agreement"),
                tuple(f"organizations:{name}" for name in agreement),
                is_for_readers=False,
            ),
            tabs.Tab(
                70,
                _("Billing details"),
                tuple(f"organizations:{name}" for name in billing),
                is_for_readers=False,
            ),
            tabs.Tab(75, _("People"), ("organizations:people",)),
            tabs.Tab(
                80,
                _("Notes"),
                ("organizations:notes", "organizations:edit_note", "organizations:delete_note"),
                is_for_owners=False,
            ),
            tabs.Tab(90, _("History"), ("organizations:history",), is_for_owners=False),
        )
