"""Name the time zones of a statement."""

from itertools import pairwise

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from usage.statements.statement import Statement


def zones_text(statement: Statement) -> str:
    """Return the time zones in force in the period of a statement, with the dates of changes."""
    zones, period = statement.organization.zones, statement.period
    text = str(statement.schedule.calendar.zone_on(period.start))
    for before, after in pairwise(zones):
        if period.start < after.valid_from < period.end and before.zone != after.zone:
            text = _("%(zones)s, from %(date)s %(zone)s") % {
                "zones": text,
                "date": date_format(after.valid_from),
                "zone": after.zone,
            }
    return text
