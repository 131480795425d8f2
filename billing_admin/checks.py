"""What `manage.py` warns of before it does anything."""

from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register

from billing_admin.catalog import TRANSLATED_TO, po_path


@register(Tags.translation)
def translations_are_compiled(**options: Any) -> list[CheckMessage]:
    """Name the translations that Django does not read, or not as they are now."""
    stale = []
    for language in TRANSLATED_TO:
        source = po_path(language)
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            stale.append(language)
    hint = "Run: pybabel compile --domain django --directory locale"
    return [
        Warning(f"The translations to {language!r} are not compiled.", hint, id="billing.W001")
        for language in stale
    ]
