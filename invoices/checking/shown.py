"""The stored result of a check, as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from invoices.checking.words import (
    GROUPS,
    PROBLEMS,
    PROFILES,
    SEVERITIES,
    SYNTAXES,
    TERMS,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_ERRORS = ("fatal", "error")


class Fact(NamedTuple):
    """A value that a document states, with the term of EN 16931 and its name."""

    term: str
    name: StrOrPromise
    value: str


class Finding(NamedTuple):
    """A rule that a document breaks."""

    rule: str
    severity: StrOrPromise
    is_error: bool
    text: str
    places: list[str]
    more_places: int


class SheetShown(NamedTuple):
    """A sheet of rules and what came of it."""

    name: str
    state: str
    error: str
    findings: list[Finding]
    more: int


@dataclass(frozen=True)
class Shown:
    """The result of `invoices.checking.examining.examined`, in words."""

    result: dict[str, Any]

    @property
    def problem(self) -> StrOrPromise:
        """Why the document was not checked; empty if it was."""
        return PROBLEMS.get(self.result["problem"], "")

    @property
    def detail(self) -> str:
        """What the problem is in particular, for example where the XML is broken."""
        return str(self.result.get("detail", ""))

    @property
    def profile(self) -> StrOrPromise:
        """The name of the profile that the document was checked by."""
        return PROFILES.get(self.result.get("profile", ""), "")

    @property
    def syntax(self) -> str:
        """The name of the document's syntax."""
        return SYNTAXES.get(self.result.get("syntax", ""), "")

    @property
    def attached(self) -> str:
        """The name of the XML file in a PDF; empty for XML."""
        return str(self.result.get("attached", ""))

    @cached_property
    def sheets(self) -> list[SheetShown]:
        """The sheets of rules with what the document breaks."""
        return [
            SheetShown(
                each["name"],
                each["state"],
                each["error"],
                [_finding(finding) for finding in each["findings"]],
                each["more"],
            )
            for each in self.result.get("sheets", ())
        ]

    @property
    def errors(self) -> int:
        """How many different rules that refuse a document are broken."""
        return sum(each.is_error for sheet in self.sheets for each in sheet.findings)

    @property
    def hints(self) -> int:
        """How many different rules are broken that refuse nothing."""
        return sum(not each.is_error for sheet in self.sheets for each in sheet.findings)

    @property
    def is_whole(self) -> bool:
        """Whether all sheets of the profile were run."""
        return all(each.state == "run" for each in self.sheets)

    @property
    def lacks_rules(self) -> bool:
        """Whether a sheet is not installed."""
        return any(each.state == "missing" for each in self.sheets)

    @property
    def groups(self) -> list[tuple[StrOrPromise, list[Fact]]]:
        """The groups of terms that the document states."""
        return [
            (
                GROUPS.get(code, code),
                [Fact(term, TERMS.get(term, term), value) for term, value in values],
            )
            for code, values in self._stated.get("groups", ())
        ]

    @property
    def notes(self) -> list[dict[str, str]]:
        """The notes, each with `subject` and `text`."""
        return [
            {"subject": each.get("BT-21", ""), "text": each.get("BT-22", "")}
            for each in self._stated.get("notes", ())
        ]

    @property
    def allowances(self) -> list[dict[str, Any]]:
        """Discounts and surcharges on the whole document."""
        return [
            {
                "is_charge": each.get("charge") == "true",
                "reason": each.get("BT-97", ""),
                "amount": each.get("BT-92", ""),
            }
            for each in self._stated.get("allowances", ())
        ]

    @property
    def taxes(self) -> list[dict[str, str]]:
        """The taxes."""
        names = {
            "BT-118": "category",
            "BT-119": "percent",
            "BT-116": "net",
            "BT-117": "amount",
            "BT-120": "reason",
            "BT-121": "code",
        }
        return [_renamed(each, names) for each in self._stated.get("taxes", ())]

    @property
    def lines(self) -> list[dict[str, str]]:
        """The first lines."""
        names = {
            "BT-126": "number",
            "BT-153": "item",
            "BT-129": "quantity",
            "BT-130": "unit",
            "BT-146": "price",
            "BT-151": "category",
            "BT-152": "percent",
            "BT-131": "amount",
            "BT-134": "first",
            "BT-135": "last",
        }
        return [_renamed(each, names) for each in self._stated.get("lines", ())]

    @property
    def more_lines(self) -> int:
        """How many lines the document has beside those."""
        return int(self._stated.get("line_count", 0)) - len(self.lines)

    @property
    def _stated(self) -> dict[str, Any]:
        stated: dict[str, Any] = self.result.get("stated", {})
        return stated


def _finding(finding: dict[str, Any]) -> Finding:
    severity = finding["severity"]
    return Finding(
        finding["rule"],
        SEVERITIES.get(severity, severity),
        severity in _ERRORS,
        finding["text"],
        finding["places"],
        finding["times"] - len(finding["places"]),
    )


def _renamed(values: dict[str, str], names: dict[str, str]) -> dict[str, str]:
    return {name: values.get(term, "") for term, name in names.items()}
