"""The app whose migration creates the functions in the database."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """The configuration; the label is the prefix of the functions."""

    name = "foundation.search"
    label = "search"
