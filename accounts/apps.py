"""The app for people who sign in."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """The configuration: what happens at sign-in and after migrations."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Connect the signals, and register what other pages show of accounts."""
        from django.contrib.auth.signals import user_logged_in
        from django.db.models.signals import post_migrate

        from accounts.languages import keep_chosen_language
        from accounts.notices.views import needing_attention
        from accounts.saved_filters.reading import stored_filters
        from foundation.lists import saved
        from foundation.search.kept_indexes import keep_indexes
        from foundation.search_path import fix_search_path
        from foundation.web import attention

        attention.register(needing_attention)
        saved.register(stored_filters, "saved_filters:list")
        user_logged_in.connect(keep_chosen_language)
        # Sent when the migrations of all apps have run; for each of them, but once is enough.
        post_migrate.connect(fix_search_path, sender=self)
        post_migrate.connect(keep_indexes, sender=self)
