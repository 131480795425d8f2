"""Translations are complete."""

import pytest
from babel.messages import Catalog
from django.utils.translation import ngettext, override

from billing_admin import catalog


@pytest.fixture
def texts() -> Catalog:
    """A text, a text with a plural, and a text with a context."""
    texts = Catalog()
    texts.add("Hello %(name)s")
    texts.add(("%(number)s camera", "%(number)s cameras"))
    texts.add("Add", context="an owner")
    return texts


@pytest.fixture
def translated() -> Catalog:
    """Those texts in Russian."""
    translated = Catalog("ru")
    translated.add("Hello %(name)s", "Здравствуйте, %(name)s")
    forms = ("%(number)s камера", "%(number)s камеры", "%(number)s камер")
    translated.add(("%(number)s camera", "%(number)s cameras"), forms)
    translated.add("Add", "Добавить", context="an owner")
    return translated


@pytest.mark.parametrize("language", catalog.TRANSLATED_TO)
def test_every_text_is_translated(language: str) -> None:
    problems = list(catalog.problems(catalog.extracted(), catalog.translations(language)))

    assert not problems, "make messages, then translate:\n" + "\n".join(problems)


def test_good_translations_have_no_problems(texts: Catalog, translated: Catalog) -> None:
    assert list(catalog.problems(texts, translated)) == []


def test_missing_text_is_reported(texts: Catalog, translated: Catalog) -> None:
    texts.add("Goodbye")

    assert list(catalog.problems(texts, translated)) == ["missing: 'Goodbye'"]


def test_missing_context_is_reported(texts: Catalog, translated: Catalog) -> None:
    texts.add("Add", context="a tariff")

    assert list(catalog.problems(texts, translated)) == ["missing: 'Add' (a tariff)"]


def test_missing_plural_is_reported(texts: Catalog, translated: Catalog) -> None:
    texts.add(("Hello %(name)s", "Hello all"))
    translated.add("Hello all", "Всем привет")

    assert "plural missing: 'Hello %(name)s'" in catalog.problems(texts, translated)


def test_fuzzy_translation_is_reported(texts: Catalog, translated: Catalog) -> None:
    translated.add("Hello %(name)s", "Здравствуйте, %(name)s", flags=["fuzzy"])

    assert list(catalog.problems(texts, translated)) == ["fuzzy: 'Hello %(name)s'"]


def test_untranslated_text_is_reported(texts: Catalog, translated: Catalog) -> None:
    message = translated.get("Hello %(name)s")
    assert message is not None
    message.string = ""

    expected = ["untranslated text or plural form: 'Hello %(name)s'"]
    assert list(catalog.problems(texts, translated)) == expected


@pytest.mark.parametrize(
    "forms",
    [
        ("%(number)s камера", "%(number)s камеры"),
        ("%(number)s камера", "%(number)s камеры", ""),
    ],
)
def test_missing_plural_form_is_reported(
    texts: Catalog, translated: Catalog, forms: tuple[str, ...]
) -> None:
    message = translated.get("%(number)s camera")
    assert message is not None
    message.string = forms

    expected = ["untranslated text or plural form: '%(number)s camera'"]
    assert list(catalog.problems(texts, translated)) == expected


def test_lost_placeholder_is_reported(texts: Catalog, translated: Catalog) -> None:
    message = translated.get("Hello %(name)s")
    assert message is not None
    message.string = "Здравствуйте, %(nane)s"

    [problem] = catalog.problems(texts, translated)

    assert problem.startswith("different placeholders: 'Hello %(name)s'")


def test_unused_translation_is_reported(texts: Catalog, translated: Catalog) -> None:
    translated.add("Goodbye", "До свидания")

    assert list(catalog.problems(texts, translated)) == ["no longer used: 'Goodbye'"]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1, "1 день"),
        (2, "2 дня"),
        (5, "5 дней"),
        (11, "11 дней"),
        (21, "21 день"),
        (104, "104 дня"),
    ],
)
def test_django_chooses_russian_plural_forms(number: int, expected: str) -> None:
    with override("ru"):
        assert ngettext("%(days)s day", "%(days)s days", number) % {"days": number} == expected
