"""The app for organizations."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganizationsConfig(AppConfig):
    """The configuration, with the app's name in Django admin."""

    name = "organizations"
    verbose_name = _("Organizations")
