"""The app for people who sign in."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """The configuration, which keeps a language chosen before sign-in."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Connect the sign-in signal."""
        from django.contrib.auth.signals import user_logged_in

        from accounts.languages import keep_chosen_language

        user_logged_in.connect(keep_chosen_language)
