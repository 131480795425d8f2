"""All texts in templates and code are marked for translation, even if no test shows them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

from billing_admin.catalog import BASE_DIR, PACKAGES
from tests.visible import visible

TEMPLATES = sorted((BASE_DIR / "templates").rglob("*.*"))
SOURCES = [
    path
    for app in PACKAGES
    for path in sorted((BASE_DIR / app).rglob("*.py"))
    if not {"tests", "migrations"} & set(path.parts)
]
# Arguments that hold texts for people, and calls that show texts to people.
TEXT_ARGUMENTS = {
    "label",
    "help_text",
    "verbose_name",
    "verbose_name_plural",
    "empty_label",
    "empty_text",
}
TEXT_ARGUMENTS |= {"short_description", "search_help_text", "description"}
TEXT_CALLS = {"ValidationError", "success", "info", "warning", "add_error"}
# The columns of import files are the same in every language.
DATA = {"organization, tariff", "camera, title", "started_at, ended_at"}
DATA |= {"invoice", "date, amount, currency", "method", "reference", "contract"}
DATA |= {"title", "owner, owner_name", "watcher_id", "tariffs", "trial_first, trial_last"}
DATA |= {"time_zone, time_zone_from", "contract_number, contract_date, contract_end", "tags"}
DATA |= {"debtor_number", "buyer_kind, e_invoice_form"}
DATA |= {"electronic_address, electronic_address_scheme, legal_id, legal_id_scheme"}
DATA |= {"buyer_reference, purchase_order, buyers_contract, project"}
DATA |= {"tax_id, tax"}
DATA |= {"legal_name, street, postal_code, city, country", "email_for_invoices, invoice_language"}
DATA |= {"attach_charges"}
DATA |= {"organization", "entry", "tariff", "first_day, last_day", "text", "reason", "charged"}
DATA |= {"percent, quantity, amount, currency"}
_WORD = re.compile(r"[^\W\d_]{2,}")


def unmarked(template: str) -> set[str]:
    """Return the texts of a template that are not marked for translation."""
    html, in_block = "", False
    for token in Lexer(template).tokenize():
        name = token.contents.partition(" ")[0]
        if token.token_type == TokenType.BLOCK and name.endswith(("blocktranslate", "blocktrans")):
            in_block = not name.startswith("end")
        elif token.token_type == TokenType.TEXT and not in_block:
            html += token.contents
        # Replace variables and tags with a character that is not a letter.
        html += "" if token.token_type == TokenType.TEXT else "0"
    texts, _names = visible(html.replace("&nbsp;", " "))
    return {text for text in texts if _WORD.search(text)}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_no_unmarked_text(path: Path) -> None:
    assert unmarked(path.read_text()) - DATA == set()


def unmarked_texts(tree: ast.AST) -> Iterator[str]:
    """Yield the texts for people that are not marked for translation."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        for keyword in node.keywords:
            # The API is described to programmers in English.
            if keyword.arg in TEXT_ARGUMENTS and name not in ("Field", "WithJsonSchema"):
                yield from _texts(keyword.value)
        if name in TEXT_CALLS and not _logs(function):
            for argument in node.args:
                yield from (text for text in _texts(argument) if " " in text)


def _logs(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and getattr(function.value, "id", "") == "logger"


def _texts(node: ast.expr) -> Iterator[str]:
    for part in node.values if isinstance(node, ast.JoinedStr) else [node]:
        text = part.value if isinstance(part, ast.Constant) else None
        if isinstance(text, str) and _WORD.search(text):
            yield text


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(BASE_DIR)))
def test_code_has_no_unmarked_text(path: Path) -> None:
    assert list(unmarked_texts(ast.parse(path.read_text()))) == []


@pytest.mark.parametrize(
    "template",
    [
        "<p>Hello {{ name }}</p>",
        '<a href="/" title="Hello">{% translate "Go" %}</a>',
        '{% load i18n %}{% if a %}<input placeholder="Search">{% endif %}',
    ],
)
def test_unmarked_text_of_a_template_is_found(template: str) -> None:
    assert len(unmarked(template)) == 1


def test_marked_text_of_a_template_is_not_found() -> None:
    template = """<p title="{% translate 'Hello' %}">{% blocktranslate count n=n %}{{ n }} day
        {% plural %}{{ n }} days{% endblocktranslate %} {{ name }}</p>"""
    assert unmarked(template) == set()


@pytest.mark.parametrize(
    "code",
    [
        'CharField(label="Name")',
        'CharField(label=f"Name of {thing}")',
        'messages.success(request, "It is done.")',
        'raise ValidationError("Too long.")',
    ],
)
def test_unmarked_text_of_code_is_found(code: str) -> None:
    assert len(list(unmarked_texts(ast.parse(code)))) == 1


def test_marked_text_of_code_is_not_found() -> None:
    code = (
        'CharField(label=_("Name"), initial="Basic"); messages.success(request, _("It is done."))'
    )
    assert list(unmarked_texts(ast.parse(code))) == []
