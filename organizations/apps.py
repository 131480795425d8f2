"""The app of organizations."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganizationsConfig(AppConfig):
    """Its name in Django admin."""

    name = "organizations"
    verbose_name = _("Organizations")
