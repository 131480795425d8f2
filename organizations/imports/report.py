"""Report what an import of organizations changes, or would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from foundation.imports.report import WrongLine
from organizations.agreement.imports.operation import AddedTerm
from tariffs.affected_invoices import AffectedInvoices


class Difference(NamedTuple):
    """A field of an organization that a line changes; dates are in ISO 8601."""

    field: str
    before: str
    after: str


class Outcome(NamedTuple):
    """What a line creates, if it has no `pk`, or changes. `title` is that before."""

    line: int
    pk: int | None
    title: str
    owner: str
    is_invited: bool
    differences: Sequence[Difference]


@dataclass(frozen=True, slots=True)
class OrganizationReport:
    """What an import did, or would do in a dry run: all of the file, or nothing if a line is wrong.

    `outcomes` are those of the first 1,000 lines that create or change an organization, and
    `version` is another one if any outcome is. `invited` are the owners who do not exist yet.
    `errors` are the first 1,000 wrong lines, `error_count` counts all of them, and if
    `is_cut_short`, the rest of the file was not read. `has_changed` says that this is not what was
    shown. `terms` are the first 1,000 that are added to agreements.
    """

    lines: int
    dry_run: bool
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    invited: int = 0
    outcomes: Sequence[Outcome] = ()
    version: str = ""
    affected: AffectedInvoices = field(default_factory=AffectedInvoices)
    terms: Sequence[AddedTerm] = ()
    terms_added: int = 0
    terms_unchanged: int = 0
    errors: Sequence[WrongLine] = ()
    error_count: int = 0
    is_cut_short: bool = False
    has_changed: bool = False

    @property
    def is_refused(self) -> bool:
        """Whether anything is wrong, so that nothing is changed."""
        return self.error_count > 0 or self.has_changed

    @property
    def changes_nothing(self) -> bool:
        """Whether the database already contains everything in the file."""
        return not self.is_refused and not (self.created or self.changed or self.terms_added)

    @property
    def not_shown(self) -> int:
        """The number of lines that create or change an organization without being shown."""
        return self.created + self.changed - len(self.outcomes)
