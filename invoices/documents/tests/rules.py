"""The official rules of a profile, for tests of documents, and what these state."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings

from invoices.checking.examining import examined
from invoices.documents import xml
from invoices.documents.document import Document

SYNTAXES: dict[str, Callable[[Document], bytes]] = {"cii": xml.cii, "ubl": xml.ubl}


def broken_rules(document: Document, syntax: str, profile: str) -> list[str]:
    """Return the ids of all rules of a profile that the XML of a document breaks."""
    result = examined(SYNTAXES[syntax](document), profile, settings.RULES_ROOT)
    assert not result["problem"]
    assert {each["state"] for each in result["sheets"]} == {"run"}, result["sheets"]
    return [each["rule"] for sheet in result["sheets"] for each in sheet["findings"]]


def facts_of(document: Document, syntax: str) -> dict[str, str]:
    """Return what the XML of a document states, by term, and its notes by subject code."""
    result = examined(SYNTAXES[syntax](document), "", settings.RULES_ROOT)
    stated = result["stated"]
    facts = {term: value for _group, values in stated["groups"] for term, value in values}
    notes = {}
    for each in stated["notes"]:
        subject, text = each.get("BT-21", ""), each["BT-22"]
        if text.startswith("#"):
            _empty, subject, text = text.split("#", 2)
        notes[subject] = text
    return facts | notes
