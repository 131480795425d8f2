"""Load what tests share, where they use Django; tests of pure code start without it."""

import pytest


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Know the settings' name in pytest.ini, also where nobody reads it, and the sizes of tests."""
    parser.addoption(
        "--organizations",
        type=int,
        default=30,
        help="how many organizations the test of settled differences corrects",
    )
    if not pluginmanager.hasplugin("django"):
        parser.addini("DJANGO_SETTINGS_MODULE", "read by pytest-django")


def pytest_configure(config: pytest.Config) -> None:
    """Load the fixtures that need Django, unless `-p no:django` says that no test does."""
    if config.pluginmanager.hasplugin("django"):
        config.pluginmanager.import_plugin("tests.database")
        config.pluginmanager.import_plugin("tests.fixtures")
