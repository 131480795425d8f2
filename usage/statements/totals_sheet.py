"""Write the sheet of usages.xlsx that describes the statement and its totals."""

from django.utils.translation import gettext as _

from foundation.lists.exports import XlsxSheet
from rating.totals import Totals
from tariffs.models import Tariff
from usage.statements.statement import Statement
from usage.statements.zones import zones_text


def write_totals(sheet: XlsxSheet, statement: Statement, totals: Totals) -> None:
    """Write the organization and period, the totals by currency, and the totals by tariff."""
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
    for amount in totals.all.amounts:
        sheet.write([amount.currency, amount.number])
    sheet.write([])
    _write_by_tariff(sheet, totals)


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
                ]
            )
