"""Write the sheet of usages.xlsx that describes the statement and its totals."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from foundation.lists.exports import XlsxSheet
from rating.agreement.bills import Bill
from rating.totals import Totals
from tariffs.models import Tariff
from usage.statements.sections import shown_bills
from usage.statements.statement import Statement
from usage.statements.zones import zones_text


def write_totals(
    sheet: XlsxSheet, statement: Statement, totals: Totals, bills: Sequence[Bill]
) -> None:
    """Write the organization and period, what is owed by currency and section, and by tariff."""
    organization, period = statement.organization, statement.period
    sheet.write([_("Organization"), organization.title])
    sheet.write([_("From"), period.start])
    sheet.write([_("To"), period.last])
    sheet.write([_("Time zone"), zones_text(statement)])
    as_of = statement.as_of.astimezone(organization.zone_at(statement.as_of)).replace(microsecond=0)
    sheet.write([_("Usage counted until"), as_of])
    if not totals.is_complete:
        sheet.write(
            [_("Incomplete: charges before the first price of their tariff"), totals.all.unpriced]
        )
    sheet.write([])
    sheet.write_heading([_("Currency"), _("Total charges")])
    for bill in bills:
        sheet.write([bill.currency, bill.total.number])
    sheet.write([])
    _write_sections(sheet, bills)
    _write_by_tariff(sheet, totals)


def _write_sections(sheet: XlsxSheet, bills: Iterable[Bill]) -> None:
    """Write what makes up each total, if it is more than cameras, with the formulas of lines."""
    for bill in shown_bills(bills):
        sheet.write_heading(
            [_("What is charged"), bill.currency, _("Dates"), _("Formula"), _("Note")]
        )
        for section in bill.sections:
            sheet.write([section.name, section.sum.number])
            for line in section.lines:
                amount = line.amount.number
                sheet.write([f"    {line.text}", amount, line.dates, line.formula, line.note])
        sheet.write([])


def _write_by_tariff(sheet: XlsxSheet, totals: Totals) -> None:
    sheet.write_heading(
        [
            _("Tariff"),
            _("Currency"),
            _("Amount"),
            _("Cameras"),
            _("Billable seconds"),
            _("Trial seconds"),
            _("Billable days"),
            _("Trial days"),
            _("Unpriced charges"),
            _("Suspended seconds"),
            _("Suspended days"),
        ]
    )
    tariffs = Tariff.objects.in_bulk(totals.by_tariff).values()
    for tariff in sorted(tariffs, key=lambda each: each.name):
        sums = totals.by_tariff[tariff.pk]
        for amount in sums.amounts:
            sheet.write(
                [
                    tariff.name,
                    amount.currency,
                    amount.number,
                    sums.cameras,
                    sums.billable_seconds,
                    sums.trial_seconds,
                    sums.billable_days,
                    sums.trial_days,
                    sums.unpriced,
                    sums.suspended_seconds,
                    sums.suspended_days,
                ]
            )
