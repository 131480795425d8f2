"""Configuration of the app of the platform's connection."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WatcherConfig(AppConfig):
    """The connection to Watcher."""

    name = "watcher"
    verbose_name = _("Watcher")

    def ready(self) -> None:
        """Have Home and organizations show it, and changes here followed in Watcher."""
        from accounts.people import followers as accounts
        from foundation.audit.history import HistoryPart
        from foundation.web import attention, tabs
        from organizations import followers as organizations
        from organizations import header, history
        from organizations.agreement import platform
        from tariffs import followers as tariffs
        from usage.cameras import followers as cameras_here
        from watcher.drift import shown as drift
        from watcher.people import messages, tenants, users
        from watcher.people.sign_on import opening
        from watcher.reading import shown as reading
        from watcher.suspending import shown as suspending
        from watcher.writing import assignments, cameras, kinds, presets
        from watcher.writing import shown as writing

        for each in (reading, writing, drift, suspending):
            attention.register(each.needing_attention)
        for kind in (
            presets.PRESET,
            presets.PRESET_CREATION,
            assignments.PRESET_ASSIGNMENT,
            cameras.CAMERA,
            tenants.MADE,
            tenants.TITLE,
            tenants.LIMIT,
            tenants.OWNER,
            users.MADE,
            users.MAIL,
            users.BLOCK,
            users.ADDRESS,
            users.EXTERNAL_ID,
            messages.MESSAGE,
        ):
            kinds.register(kind)
        tariffs.register(presets.follow)
        cameras_here.register(cameras.follow)
        organizations.register(tenants.follow_titles)
        organizations.register(users.follow_contracts)
        accounts.register(users.follow_person)
        platform.register(_told_of_suspension)
        history.add_part(HistoryPart("watcher.CameraLimitEvent", by="organization"))
        header.register("watcher/suspending/_fact.html", suspending.suspension_fact)
        header.register("watcher/people/_open.html", opening)
        views = ("watcher:organization", "watcher:remind")
        tabs.register(tabs.Tab(85, _("Watcher"), views, is_for_owners=False))


def _told_of_suspension(organization_id: int, is_suspended: bool) -> None:
    # Tasks cannot be imported before all apps are ready.
    from watcher.tasks import told_of_suspension

    told_of_suspension(organization_id, is_suspended)
