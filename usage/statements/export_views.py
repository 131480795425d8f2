"""Export an organization's priced usage as CSV, or as XLSX with a sheet of totals."""

from collections.abc import Callable, Iterator
from functools import wraps

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import signed_in
from foundation.lists.exports import XlsxFile, csv_stream, refused_export
from organizations.access import organization_for
from rating.line_sums import LineSums
from rating.totals import Totals
from usage.statements.agreed_columns import section_rows
from usage.statements.charge_rows import USAGES_COLUMNS, ChargeRow, charge_rows, export_rows
from usage.statements.forms import PeriodForm
from usage.statements.statement import Statement, statement_for
from usage.statements.totals_sheet import write_totals
from usage.statements.usages_csv import chunks


def _statement_view(
    respond: Callable[[Statement, str], HttpResponseBase],
) -> Callable[[HttpRequest, int], HttpResponseBase]:
    """Turn a function of a statement and a file name into a view."""

    @require_safe
    @wraps(respond)
    def view(request: HttpRequest, pk: int) -> HttpResponseBase:
        organization = organization_for(signed_in(request), pk)
        now = timezone.now()
        form = PeriodForm.asked(request.GET, organization.date_at(now))
        if not form.is_valid():
            return refused_export(form.refusal)
        statement = statement_for(
            organization=organization, period=form.period, as_of=now, retail=True
        )
        name = f"usages-{organization.pk}-{form.period.start}-{form.period.last}"
        return respond(statement, name)

    return view


@_statement_view
def usages_csv(statement: Statement, name: str) -> HttpResponseBase:
    """Stream all charges of a statement as CSV."""
    return csv_stream(name, chunks(statement))


@_statement_view
def usages_xlsx(statement: Statement, name: str) -> HttpResponseBase:
    """Respond with a sheet of all that is charged, and one of the totals, added up meanwhile."""
    totals, sums = Totals(), LineSums()

    def rows() -> Iterator[ChargeRow]:
        for row in charge_rows(statement.charges(), statement):
            totals.add(row.charge)
            sums.add_all((row.charge,))
            yield row

    with XlsxFile() as file:
        totals_sheet = file.add_sheet(_("Totals"))
        charges_sheet = file.add_sheet(_("Charges"), USAGES_COLUMNS)
        charges_sheet.write_all(export_rows(rows(), statement))
        bills = statement.bills(sums.values())
        charges_sheet.write_all(section_rows(statement, bills, USAGES_COLUMNS))
        write_totals(totals_sheet, statement, totals, bills)
    return file.response(name)
