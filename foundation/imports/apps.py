"""The app of uploaded files."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """Its label is that of its tables."""

    name = "foundation.imports"
    label = "imports"
