"""The app that stores uploaded files."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """The configuration; the label is the prefix of the app's tables."""

    name = "foundation.imports"
    label = "imports"
