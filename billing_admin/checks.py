"""System checks of the project."""

from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register

from billing_admin.catalog import TRANSLATED_TO, is_stale


@register(Tags.translation)
def translations_are_compiled(**options: Any) -> list[CheckMessage]:
    """Warn about languages whose translations are not compiled or out of date."""
    hint = "Run: pybabel compile --domain django --directory locale"
    return [
        Warning(f"The translations to {language!r} are not compiled.", hint, id="billing.W001")
        for language in filter(is_stale, TRANSLATED_TO)
    ]
