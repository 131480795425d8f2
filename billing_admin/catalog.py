"""Collect the product's texts for translation, and compile the translations (`make messages`).

Babel replaces GNU gettext, which may not be installed. Django's `templatize` converts the texts of
a template to Python calls.
"""

import io
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO, Any

from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

BASE_DIR = Path(__file__).resolve().parent.parent
LOCALE_DIR = BASE_DIR / "locale"
# English, the language of the texts, does not need a translation.
TRANSLATED_TO = ("ru",)

# The packages whose texts are translated, in addition to the templates.
PACKAGES = (
    "accounting",
    "api",
    "accounts",
    "bank",
    "billing_admin",
    "debits",
    "demo",
    "foundation",
    "invoices",
    "local_run",
    "organizations",
    "payments",
    "rating",
    "reminders",
    "reports",
    "tariffs",
    "usage",
    "watcher",
)
_METHODS = [
    ("**/tests/**", "ignore"),
    ("**.py", "python"),
    ("**.html", "billing_admin.catalog:extract_template"),
    ("**.txt", "billing_admin.catalog:extract_template"),
]
_KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}

# Placeholders and tags that a translation must keep: %(number)s, %s, <strong>.
_KEPT = re.compile(r"%\(\w+\)[sd]|%[sd%]|</?\w+[^>]*>")


def extract_template(
    file: IO[bytes], keywords: Collection[str], comment_tags: Collection[str], options: Any
) -> Iterator[tuple[Any, ...]]:
    """Yield the texts of a Django template, in the form that Babel requires."""
    # The indentation of HTML would be a syntax error in Python.
    calls = "\n".join(line.lstrip() for line in templatize(file.read().decode()).splitlines())
    yield from extract_python(
        io.BytesIO(calls.encode()),
        _KEYWORDS,
        list(comment_tags),
        {"encoding": "utf-8"},
    )


def extracted() -> Catalog:
    """Return all texts of the code and the templates, without translations."""
    catalog = Catalog(project="Camera billing", copyright_holder="", msgid_bugs_address="")
    for folder in (*PACKAGES, "templates"):
        found = extract_from_dir(
            BASE_DIR / folder,
            _METHODS,
            keywords=_KEYWORDS,
            comment_tags=("Translators:",),
            strip_comment_tags=True,
        )
        for name, _line, message, comments, context in found:
            # Line numbers are omitted, because they would change with every edit.
            catalog.add(
                message,
                locations=[(f"{folder}/{name}", None)],  # type: ignore[list-item]
                auto_comments=comments,
                context=context,
            )
    return catalog


def po_path(language: str) -> Path:
    """Return the path of the translations into a language."""
    return LOCALE_DIR / language / "LC_MESSAGES" / "django.po"


def translations(language: str) -> Catalog:
    """Read the translations into a language."""
    with po_path(language).open("rb") as file:
        return read_po(file, locale=language, domain="django", abort_invalid=True)


def update() -> None:
    """Update all translation files with the current texts, and remove unused translations."""
    texts = extracted()
    for language in TRANSLATED_TO:
        catalog = translations(language)
        catalog.update(texts, no_fuzzy_matching=True, update_creation_date=False)
        with po_path(language).open("wb") as file:
            write_po(file, catalog, width=100, ignore_obsolete=True, sort_output=True)


def problems(texts: Catalog, translated: Catalog) -> Iterator[str]:
    """Yield a message for each text whose translation is missing or wrong."""
    wanted = {(text.context, text.id): text for text in texts if text.id}
    for (context, _id), text in wanted.items():
        found = translated.get(text.id, context)
        if found is None:
            yield f"missing: {_name(text)}"
        elif found.id != text.id:
            yield f"plural missing: {_name(text)}"
        elif found.fuzzy:
            yield f"fuzzy: {_name(text)}"
        else:
            yield from _problems_of(found, translated.num_plurals)
    for found in translated:
        if found.id and (found.context, found.id) not in wanted:
            yield f"no longer used: {_name(found)}"


def _name(text: Message) -> str:
    first = text.id if isinstance(text.id, str) else text.id[0]
    return f"{first!r} ({text.context})" if text.context else repr(first)


def _problems_of(found: Message, plurals: int) -> Iterator[str]:
    forms = [found.string] if isinstance(found.string, str) else list(found.string or ())
    if not all(forms) or len(forms) != (plurals if found.pluralizable else 1):
        yield f"untranslated text or plural form: {_name(found)}"
        return
    text = found.id if isinstance(found.id, str) else found.id[1]
    for form in forms:
        if sorted(_KEPT.findall(form)) != sorted(_KEPT.findall(text)):
            yield f"different placeholders: {_name(found)} in {form!r}"


def is_stale(language: str) -> bool:
    """Return whether the compiled translations into a language are missing or out of date."""
    source = po_path(language)
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime


def compile_messages() -> None:
    """Compile the translations to the files that Django reads."""
    for language in TRANSLATED_TO:
        content = io.BytesIO()
        write_mo(content, translations(language))
        compiled = po_path(language).with_suffix(".mo")
        # Replace the file in one step, so that another process never reads half of it.
        if compiled.exists() and compiled.read_bytes() == content.getvalue():
            compiled.touch()
        else:
            part = compiled.with_suffix(".part")
            part.write_bytes(content.getvalue())
            part.replace(compiled)


if __name__ == "__main__":
    update()
    compile_messages()
    for each in TRANSLATED_TO:
        for problem in problems(extracted(), translations(each)):
            print(f"{po_path(each)}: {problem}")
