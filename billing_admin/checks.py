"""What `manage.py` warns of before it does anything."""

from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register

from billing_admin.catalog import TRANSLATED_TO, is_stale


@register(Tags.translation)
def translations_are_compiled(**options: Any) -> list[CheckMessage]:
    """Name the translations that Django does not read, or not as they are now."""
    hint = "Run: pybabel compile --domain django --directory locale"
    return [
        Warning(f"The translations to {language!r} are not compiled.", hint, id="billing.W001")
        for language in filter(is_stale, TRANSLATED_TO)
    ]
