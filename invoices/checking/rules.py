"""Run official rules on a document. Only the process that examines documents imports this."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

from invoices.checking.profiles import SHEETS, Profile, Sheet, Syntax
from invoices.checking.reading import Read

MOST_FINDINGS = 200
"""How many different rules that a document breaks are kept for each sheet."""

_MOST_PLACES = 10
_MOST_CHARACTERS = 1_000
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
# What an XPath of a report says beside the names and numbers of elements.
_NOISE = re.compile(r"\[namespace-uri\(\)='[^']*'\]|Q\{[^}]*\}|\*:|\[1\]")
_PREFIX = re.compile(r"(?<=/)[\w-]+:(?=[A-Za-z])")
_NAMESPACE = re.compile(r"\{[^}]*\}")


class Finding(NamedTuple):
    """A rule that a document breaks: its id, how grave that is, its text, and where it is broken.

    The severity is `fatal`, `warning` or `information`. `places` are the first of its
    `times`.
    """

    rule: str
    severity: str
    text: str
    places: list[str]
    times: int


class SheetResult(NamedTuple):
    """What came of a sheet of rules: its `state` is `run`, `missing` or `failed`.

    `error` says why it failed. `more` rules are broken beside the findings.
    """

    name: str
    state: str
    findings: list[Finding]
    more: int
    error: str = ""


def results_of(document: Read, profile: Profile, rules: Path) -> Iterator[SheetResult]:
    """Yield the result of each sheet of a profile that the document's syntax has.

    `rules` is the folder in which `make rules` installs packages.
    """
    for sheet in SHEETS[profile, document.syntax]:
        file = sheet.file(rules, document.name)
        if not file.is_file():
            yield SheetResult(sheet.name, "missing", [], 0)
            continue
        try:
            found = list(_broken(sheet, file, document))
        except _NotRunError as error:
            yield SheetResult(sheet.name, "failed", [], 0, _short(str(error)))
            continue
        grouped = _grouped(found)
        yield SheetResult(
            sheet.name, "run", grouped[:MOST_FINDINGS], max(0, len(grouped) - MOST_FINDINGS)
        )


class _NotRunError(Exception):
    """A sheet cannot be run on a document, for example because an amount is not a number."""


class _Broken(NamedTuple):
    rule: str
    severity: str
    text: str
    place: str


def _broken(sheet: Sheet, file: Path, document: Read) -> Iterator[_Broken]:
    if sheet.is_schema:
        return _broken_schema(file, document.root)
    found = _broken_rules(file, document.root)
    return (each for each in found if each.rule.startswith(sheet.only))


def _broken_schema(file: Path, root: etree._Element) -> Iterator[_Broken]:
    schema = etree.XMLSchema(etree.parse(file, etree.XMLParser(no_network=True)))
    if schema.validate(root):
        return
    for error in schema.error_log:
        text = _NAMESPACE.sub("", error.message)
        yield _Broken("XSD", "fatal", text, _place(error.path or ""))


def _broken_rules(file: Path, root: etree._Element) -> Iterator[_Broken]:
    """Yield what a compiled Schematron reports. saxonche takes 170 MB."""
    from saxonche import PySaxonApiError

    try:
        report = etree.fromstring(_report(file, root))
    except PySaxonApiError as error:
        raise _NotRunError(error) from error
    # An empty report would look like a report without findings.
    if report.find(f"{_SVRL}fired-rule") is None:
        raise _NotRunError("No rule applies to this document.")
    for found in report.iter(f"{_SVRL}failed-assert", f"{_SVRL}successful-report"):
        text = " ".join("".join(found.itertext()).split())
        severity = found.get("flag") or found.get("role") or "fatal"
        place = _place(found.get("location") or "")
        yield _Broken(found.get("id") or "", severity, text, place)


def _report(file: Path, root: etree._Element) -> bytes:
    processor = _processor()
    # Written again, so that the processor reads nothing but elements, attributes and texts.
    node = processor.parse_xml(xml_text=etree.tostring(root, encoding="unicode"))
    sheet = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(file))
    report: str = sheet.transform_to_string(xdm_node=node)
    return report.encode()


_made: list[Any] = []


def _processor() -> Any:
    if not _made:
        from saxonche import PySaxonProcessor

        _made.append(PySaxonProcessor(license=False))
    return _made[0]


def _grouped(found: list[_Broken]) -> list[Finding]:
    """Return one finding for each rule and text, the gravest first."""
    by_rule: dict[tuple[str, str, str], list[str]] = {}
    for each in found:
        key = (each.severity, each.rule, _short(each.text))
        by_rule.setdefault(key, []).append(each.place)
    order = {"fatal": 0, "error": 0, "warning": 1}
    findings = [
        Finding(
            rule,
            severity,
            text,
            list(dict.fromkeys(filter(None, places)))[:_MOST_PLACES],
            len(places),
        )
        for (severity, rule, text), places in by_rule.items()
    ]
    return sorted(findings, key=lambda each: order.get(each.severity, 2))


def _place(path: str) -> str:
    """Return the XPath of a report without namespaces, and without the numbers of only elements."""
    return _short(_PREFIX.sub("", _NOISE.sub("", path)))


def _short(text: str) -> str:
    return text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}…"


def syntaxes_of(profile: Profile) -> list[Syntax]:
    """Return the syntaxes in which a profile exists."""
    return [syntax for each, syntax in SHEETS if each is profile]
