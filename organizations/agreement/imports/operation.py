"""Import terms of organizations from a file, for the web page and the command.

A line adds a term, with the checks of its form, unless the organization has an equal one. Of equal
fees or one-off charges it has in the end as many as there are lines. So a file can be imported any
number of times. Terms that exist are neither changed nor removed.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import IO, Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Upper
from django.utils.translation import gettext as _

from foundation.imports.records import ReadAs, RecordReader, UnreadableFileError
from foundation.imports.report import (
    MAX_KEPT,
    Progress,
    Stage,
    TooManyWrongLines,
    WrongLine,
    WrongLines,
    no_progress,
)
from organizations.agreement.described import described
from organizations.agreement.effects import recomputed_by
from organizations.agreement.imports.columns import FIELDS, OPTIONAL, REQUIRED
from organizations.agreement.imports.reading import LineReader, TermLine, at_column
from organizations.agreement.models import Fee, OneOffCharge
from organizations.agreement.operations import add_term
from organizations.agreement.refusals import TermRefusal
from organizations.imports.planning import folded
from organizations.models import Organization
from tariffs.affected_invoices import AffectedInvoices, Span, joined

# Equal ones are charged side by side, such as two installations on one day.
_REPEATABLE = (Fee, OneOffCharge)


class AddedTerm(NamedTuple):
    """A term that a line adds, as people read it, and its organization."""

    line: int
    pk: int
    title: str
    term: str


@dataclass(frozen=True, slots=True)
class TermReport:
    """What an import did, or would do in a dry run: all of the file, or nothing if a line is wrong.

    `outcomes` are the first 1,000 terms that are added, and `version` is another one if any is.
    `errors` are the first 1,000 wrong lines, `error_count` counts all of them, and if
    `is_cut_short`, the rest of the file was not read. `has_changed` says that this is not what was
    shown.
    """

    lines: int
    dry_run: bool
    added: int = 0
    unchanged: int = 0
    outcomes: Sequence[AddedTerm] = ()
    version: str = ""
    affected: AffectedInvoices = field(default_factory=AffectedInvoices)
    errors: Sequence[WrongLine] = ()
    error_count: int = 0
    is_cut_short: bool = False
    has_changed: bool = False

    @property
    def is_refused(self) -> bool:
        """Whether anything is wrong, so that nothing is changed."""
        return self.error_count > 0 or self.has_changed

    @property
    def not_shown(self) -> int:
        """The number of terms that are added without being shown."""
        return self.added - len(self.outcomes)


def import_terms(
    file: IO[bytes],
    *,
    dry_run: bool,
    shown: str | None = None,
    progress: Progress = no_progress,
    read_as: ReadAs | None = None,
) -> TermReport:
    """Import all terms of a CSV or XLSX file, or none of them if a line is wrong.

    `file` is open in binary mode. A dry run makes the same changes and takes them back, so that
    lines are also checked against each other. `shown` is the version of the report that a person
    has confirmed; if it is no longer that, nothing is imported.
    """
    wrong = WrongLines()
    records = RecordReader(
        file, columns=REQUIRED, optional=OPTIONAL, wrong=wrong, progress=progress, read_as=read_as
    )
    lines: list[TermLine] = []
    try:
        lines.extend(LineReader(records, wrong))
    except UnreadableFileError as error:
        wrong.merge([WrongLine(error.line, error.reason)], 1)
    except TooManyWrongLines:
        return _refused(records.read, dry_run, wrong)
    progress(Stage.CHECKING, 0, len(lines))
    with transaction.atomic():
        # They stay locked when a dry run has taken its changes back.
        done = TermsImport(organizations_of(lines))
        with transaction.atomic():
            done.add_all(lines, wrong, progress)
            report = _refused(records.read, dry_run, wrong)
            if not wrong.count:
                report = done.report(records.read, dry_run, shown)
            after = report.affected.measured() if dry_run else None
            if dry_run or report.is_refused:
                transaction.set_rollback(True)
        before = report.affected.measured() if dry_run else None
    if before is not None and after is not None:
        return replace(report, affected=report.affected.compared(before, after))
    return report


def _refused(lines: int, dry_run: bool, wrong: WrongLines) -> TermReport:
    return TermReport(
        lines=lines,
        dry_run=dry_run,
        errors=sorted(wrong.kept),
        error_count=wrong.count,
        is_cut_short=wrong.is_cut_short,
    )


@dataclass
class TermsImport:
    """What has been done so far. `titled` is the column with the title of an organization."""

    organizations: Mapping[str, Organization] = field(default_factory=dict)
    """Those of the lines, by folded title."""
    titled: str = "organization"
    added: int = 0
    unchanged: int = 0
    outcomes: list[AddedTerm] = field(default_factory=list)
    spans: dict[int, Span] = field(default_factory=dict)
    # How many lines so far say the same, of terms of which there can be several.
    _repeated: Counter[Any] = field(default_factory=Counter)
    _digest: Any = field(default_factory=hashlib.sha256)

    @property
    def version(self) -> str:
        """A text that is another one if any term is."""
        return str(self._digest.hexdigest())

    def add_all(self, lines: Sequence[TermLine], wrong: WrongLines, progress: Progress) -> None:
        """Do what each line says; add those that cannot be done to `wrong`."""
        refused = []
        for line in lines:
            try:
                self._add(line, self.organizations.get(folded(line.title)))
            except ValidationError as error:
                refused.append(WrongLine(line.number, " ".join(error.messages)))
            progress(Stage.CHECKING, 1, len(lines))
        wrong.merge(refused[:MAX_KEPT], len(refused))

    def _add(self, line: TermLine, organization: Organization | None) -> None:
        if organization is None:
            text = _("Organization “%(title)s” does not exist. Correct the title, or add it first.")
            raise at_column(self.titled, text % {"title": line.title[:100]})
        kind = line.kind
        form = kind.form(
            line.data, organization=organization, instance=kind.new(organization=organization)
        )
        columns = {name: column for column, name in FIELDS[kind.model].items()}
        if not form.is_valid():
            texts = form.errors.get_json_data().items()
            reasons = [
                f"{columns.get(name, name)}: {each['message']}"
                for name, errors in texts
                for each in errors
            ]
            raise ValidationError(reasons)
        fields = form.term_fields
        if self._is_recorded(kind.model, organization, fields):
            self.unchanged += 1
            return
        try:
            term = add_term(model=kind.model, organization_id=organization.pk, fields=fields)
        except TermRefusal as refusal:
            raise at_column(columns.get(refusal.field, refusal.field), str(refusal)) from None
        self._note(line, organization, term)

    def _is_recorded(self, model: Any, organization: Organization, fields: dict[str, Any]) -> bool:
        """Return whether an organization has an equal term, or as many as lines so far say."""
        equal = model.objects.filter(organization=organization, **fields)
        if model not in _REPEATABLE:
            return bool(equal.exists())
        key = (model, organization.pk, *sorted(fields.items()))
        self._repeated[key] += 1
        return bool(equal.count() >= self._repeated[key])

    def _note(self, line: TermLine, organization: Organization, term: Any) -> None:
        self.added += 1
        outcome = AddedTerm(line.number, organization.pk, organization.title, described(term))
        self._digest.update(repr((organization.title, line)).encode())
        if len(self.outcomes) < MAX_KEPT:
            self.outcomes.append(outcome)
        if span := recomputed_by(organization, None, term):
            known = self.spans.get(organization.pk, span)
            self.spans[organization.pk] = joined([known, span])

    def report(self, lines: int, dry_run: bool, shown: str | None) -> TermReport:
        """Return the report of a file without errors."""
        affected = AffectedInvoices.by_change(terms=self.spans)
        version = f"{self.version} {affected.agreed}"
        return TermReport(
            lines=lines,
            dry_run=dry_run,
            added=self.added,
            unchanged=self.unchanged,
            outcomes=self.outcomes,
            version=version,
            affected=affected,
            has_changed=shown not in (None, version),
        )


def organizations_of(lines: Iterable[TermLine]) -> Mapping[str, Organization]:
    """Lock the organizations of lines, in the order of their ids; return them by folded title."""
    titles = {folded(line.title) for line in lines}
    found = Organization.objects.alias(folded=Upper("title")).filter(folded__in=titles)
    rows = found.order_by("pk").select_for_update(no_key=True)
    return {folded(each.title): each for each in rows.prefetch_related("earlier_time_zones")}
