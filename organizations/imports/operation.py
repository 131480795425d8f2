"""Import organizations: all of a file, or nothing.

A line is the organization with its Watcher ID, or else with its title; if there is none, it creates
one. It may also add a term to the agreement of the organization that has its title in the end. The
same file can be imported any number of times: what a line says already is left alone.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import islice
from typing import IO, Any

import psycopg
from django.db import DatabaseError, IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.operations import invite_owners
from foundation.constraints import check_in_the_end, check_now
from foundation.imports.columns import headings_in
from foundation.imports.records import ReadAs, RecordReader, UnreadableFileError
from foundation.imports.report import (
    MAX_KEPT,
    Progress,
    TooManyWrongLines,
    WrongLine,
    WrongLines,
    no_progress,
)
from organizations.agreement.imports.columns import ENTRY
from organizations.agreement.imports.operation import TermsImport, organizations_of
from organizations.agreement.imports.reading import TermLine
from organizations.bulk.applying import apply_changes
from organizations.bulk.operations import Changed
from organizations.debtors import refused_debtor
from organizations.imports.columns import OPTIONAL, REQUIRED, TERM_COLUMNS
from organizations.imports.creating import create_many
from organizations.imports.planning import Kept, New, Planner
from organizations.imports.reading import Catalog, LineReader, OrganizationLine
from organizations.imports.report import Difference, OrganizationReport, Outcome
from organizations.models import UNIQUE_DEBTOR, UNIQUE_TITLE
from organizations.tags.operations import lock_tags
from tariffs.affected_invoices import AffectedInvoices, Span, joined

LINES_A_BATCH = 500

logger = logging.getLogger(__name__)


def import_organizations(
    file: IO[bytes],
    *,
    now: datetime,
    dry_run: bool,
    shown: str | None = None,
    progress: Progress = no_progress,
    read_as: ReadAs | None = None,
) -> tuple[OrganizationReport, Sequence[int]]:
    """Import organizations from a CSV or XLSX file opened in binary mode: all of it, or nothing.

    The first line names the columns, of which only the title is required, in any order. A dry run
    makes the same checks and changes nothing. `shown` is the version of the outcomes that a person
    saw; if they are others now, nothing is changed, and the report says so. Return the report, and
    the ids of the owners who were created, to whom nothing has been sent.
    """
    wrong = WrongLines()
    records = RecordReader(
        file,
        columns=REQUIRED,
        optional=(*OPTIONAL, *TERM_COLUMNS),
        wrong=wrong,
        progress=progress,
        read_as=read_as,
    )
    try:
        with transaction.atomic():
            # Terms can be checked only when their organizations are there.
            done = _Import(dry_run, applies=not dry_run or _has_terms(file, read_as))
            # Two organizations that exchange titles or numbers may be in different batches.
            check_in_the_end(UNIQUE_TITLE)
            check_in_the_end(UNIQUE_DEBTOR)
            done.work(records, now, wrong, progress)
            report = done.report(records.read, wrong, shown)
            after = report.affected.measured() if dry_run and done.applies else None
            if dry_run or report.is_refused:
                transaction.set_rollback(True)
            else:
                check_now(UNIQUE_TITLE)
                check_now(UNIQUE_DEBTOR)
    except IntegrityError as error:
        return _interrupted(error, dry_run), ()
    except DatabaseError as error:
        if isinstance(error.__cause__, psycopg.errors.DeadlockDetected):
            return _interrupted(error, dry_run), ()
        raise
    if after is not None and (before := report.affected.measured()) is not None:
        report = replace(report, affected=report.affected.compared(before, after))
    return report, () if dry_run or report.is_refused else done.owner_ids


@dataclass
class _Import:
    """What has been done so far, or would be. Only keys and the first outcomes are kept."""

    dry_run: bool
    applies: bool
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    invited: int = 0
    terms: TermsImport = field(default_factory=lambda: TermsImport(titled="title"))
    outcomes: list[Outcome] = field(default_factory=list)
    owner_ids: list[int] = field(default_factory=list)
    trials: dict[int, Span] = field(default_factory=dict)
    zones: dict[int, Span] = field(default_factory=dict)
    _digest: Any = field(default_factory=hashlib.sha256)

    def work(
        self, records: RecordReader, now: datetime, wrong: WrongLines, progress: Progress
    ) -> None:
        """Plan all lines, and do what each of them says unless something is wrong by then."""
        if self.applies:
            lock_tags()
        catalog = Catalog.read(lock=self.applies)
        planner = Planner(catalog, now, wrong, lock=self.applies)
        terms: list[TermLine] = []
        try:
            for lines in _batches(iter(LineReader(records, catalog, wrong))):
                terms += [line.term for line in lines if line.term]
                planned = planner.plan([line for line in lines if not line.is_term_only])
                self._note(planned, planner.invited)
                if self.applies and not wrong.count:
                    self._apply(planner, planned)
            planner.refuse_taken_titles()
            planner.refuse_taken_debtors()
            if terms and not wrong.count:
                self.terms.organizations = organizations_of(terms)
                self.terms.add_all(terms, wrong, progress)
        except UnreadableFileError as error:
            wrong.merge([WrongLine(error.line, error.reason)], 1)
        except TooManyWrongLines:
            pass
        self.invited = len(planner.invited)

    def _note(self, planned: Sequence[New | Kept], invited: Container[str]) -> None:
        for each in planned:
            outcome = _outcome(each, invited)
            if outcome.pk is None:
                self.created += 1
            elif outcome.differences:
                self.changed += 1
            else:
                self.unchanged += 1
                continue
            if isinstance(each, Kept):
                self._note_time(each.changed)
            self._digest.update(repr(outcome).encode())
            if len(self.outcomes) < MAX_KEPT:
                self.outcomes.append(outcome)

    def _note_time(self, changed: Changed) -> None:
        if by_trial := changed.recomputed_by_trial:
            self.trials[changed.organization.pk] = by_trial
        if by_zone := changed.recomputed_by_zone:
            self.zones[changed.organization.pk] = by_zone

    def _apply(self, planner: Planner, planned: Sequence[New | Kept]) -> None:
        new = {email: user for email, user in planner.invited.items() if user.pk is None}
        invite_owners(new.values())
        self.owner_ids += [user.pk for user in new.values()]
        create_many([each.values for each in planned if isinstance(each, New)])
        apply_changes([each.changed for each in planned if isinstance(each, Kept)])

    def report(self, lines: int, wrong: WrongLines, shown: str | None) -> OrganizationReport:
        """Return the report; if something is wrong, it counts no changes."""
        if wrong.count:
            return OrganizationReport(
                lines=lines,
                dry_run=self.dry_run,
                errors=sorted(wrong.kept),
                error_count=wrong.count,
                is_cut_short=wrong.is_cut_short,
            )
        terms = dict(self.trials)
        for pk, span in self.terms.spans.items():
            terms[pk] = joined([terms.get(pk, span), span])
        affected = AffectedInvoices.by_change(terms=terms, zones=self.zones)
        version = f"{self._digest.hexdigest()} {self.terms.version} {affected.agreed}"
        return OrganizationReport(
            lines=lines,
            dry_run=self.dry_run,
            created=self.created,
            changed=self.changed,
            unchanged=self.unchanged,
            invited=self.invited,
            outcomes=self.outcomes,
            terms=self.terms.outcomes,
            terms_added=self.terms.added,
            terms_unchanged=self.terms.unchanged,
            version=version,
            affected=affected,
            has_changed=shown not in (None, version),
        )


def _has_terms(file: IO[bytes], read_as: ReadAs | None) -> bool:
    """Tell whether a file has a column for terms; it is then at its beginning again."""
    read_as = read_as or ReadAs()
    if read_as.headings:
        return ENTRY in read_as.headings
    names = [heading.lower() for heading in headings_in(file, read_as.encoding)]
    file.seek(0)
    return ENTRY in names


def _batches(lines: Iterator[OrganizationLine]) -> Iterator[list[OrganizationLine]]:
    while batch := list(islice(lines, LINES_A_BATCH)):
        yield batch


def _outcome(planned: New | Kept, invited: Container[str]) -> Outcome:
    line = planned.line
    if isinstance(planned, New):
        texts = {name: text_of(value) for name, value in planned.values.items()}
        differences = [
            Difference(name, "", text)
            for name, text in texts.items()
            if text and name not in ("title", "owner")
        ]
        pk, title, owner = None, line.title, planned.values["owner"]
    else:
        changed = planned.changed
        differences = [
            Difference(name, text_of(changed.before[name]), text_of(changed.after[name]))
            for name in changed.fields
        ]
        pk, title = changed.organization.pk, changed.organization.title
        owner = changed.after["owner"]
    return Outcome(line.number, pk, title, owner.email, owner.email in invited, differences)


def text_of(value: Any) -> str:
    """Return a value as it is stored in a report, and as an export writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


def _interrupted(error: Exception, dry_run: bool) -> OrganizationReport:
    logger.warning("An import of organizations was interrupted.", exc_info=error)
    reason = refused_debtor(error) or _(
        "Someone changed the same organizations, owners or tariff plans during the import. "
        "Nothing was imported. Try again."
    )
    return OrganizationReport(0, dry_run, errors=[WrongLine(0, reason)], error_count=1)
