"""Statements: what an organization owes for a period, and the charges of each camera."""

from collections.abc import Iterator
from datetime import date
from itertools import chain, islice
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from api.core.answers import Money, answer, refuse_unknown
from api.core.callers import caller_of
from api.core.problems import wrong_query
from api.core.registering import reads
from foundation.lists.exports import csv_stream, file_stream
from rating.agreement.bills import Bill
from rating.agreement.lines import Section
from rating.money import Amount
from usage.statements.charge_rows import ChargeRow, charge_rows
from usage.statements.forms import PeriodForm
from usage.statements.statement import Statement, statement_for
from usage.statements.usages_csv import chunks

router = Router()
KIND = "statements"
_ROWS_AT_ONCE = 500
NDJSON = "application/x-ndjson"


class PeriodQuery(Schema):
    """A period of dates in the organization's time zone, both included."""

    from_: Annotated[
        date | None, Field(alias="from", description="By default, the first day of this month.")
    ] = None
    to: Annotated[date | None, Field(description="By default, the last day of this month.")] = None


class SectionOut(Schema):
    """The sum of one kind of lines."""

    section: str
    sum: Money


class BillOut(Schema):
    """What is owed in one currency, before tax."""

    total: Money
    sections: list[SectionOut]
    is_complete: Annotated[bool, Field(description="Whether everything has a price.")]
    unpriced: Annotated[int, Field(description="How many charges have no price.")]


class StatementOut(Schema):
    """What an organization owes for a period, as of an instant."""

    organization_id: int
    period_from: date
    period_to: date
    as_of: AwareDatetime
    bills: Annotated[list[BillOut], Field(description="One for each currency.")]


class ChargeOut(Schema):
    """The charge for a camera's use: one line of the stream."""

    camera_id: int
    camera: str
    title: str
    tariff_id: int
    tariff: str
    started_at: AwareDatetime
    ended_at: AwareDatetime
    unit: Annotated[Literal["second", "day"], Field(description="Of `used` and `billable`.")]
    used: int
    billable: int
    amount: Annotated[Money | None, Field(description="Null without a price.")]


@reads(router, "/organizations/{int:pk}/statement", KIND, response=StatementOut)
def get_statement(request: HttpRequest, pk: int, query: Query[PeriodQuery]) -> HttpResponse:
    """Return what an organization owes for a period, in sections. Usage until now is counted."""
    statement = _statement(request, pk, query)
    content = StatementOut(
        organization_id=pk,
        period_from=statement.period.start,
        period_to=statement.period.last,
        as_of=statement.as_of,
        bills=[_bill(each) for each in statement.bills()],
    )
    return answer(content)


@reads(
    router,
    "/organizations/{int:pk}/statement/charges.csv",
    KIND,
    openapi_extra={
        "responses": {
            200: {"description": "OK", "content": {"text/csv": {"schema": {"type": "string"}}}}
        }
    },
)
def stream_charges_csv(
    request: HttpRequest, pk: int, query: Query[PeriodQuery]
) -> HttpResponseBase:
    """Stream the charges of all cameras in a period as CSV, as the page of usages exports them."""
    statement = _statement(request, pk, query)
    return csv_stream(_name(statement), chunks(statement))


@reads(
    router,
    "/organizations/{int:pk}/statement/charges.ndjson",
    KIND,
    openapi_extra={
        "responses": {
            200: {
                "description": "One ChargeOut on each line",
                "content": {NDJSON: {"schema": {"type": "string"}}},
            }
        }
    },
)
def stream_charges(request: HttpRequest, pk: int, query: Query[PeriodQuery]) -> HttpResponseBase:
    """Stream the charges of all cameras in a period, one JSON object on each line."""
    statement = _statement(request, pk, query)
    rows = charge_rows(statement.charges(), statement)
    return file_stream(f"{_name(statement)}.ndjson", _lines(rows), NDJSON)


def _statement(request: HttpRequest, pk: int, query: PeriodQuery) -> Statement:
    refuse_unknown(request, query)
    organization = get_object_or_404(caller_of(request).organizations(), pk=pk)
    now = timezone.now()
    form = PeriodForm.asked(request.GET, organization.date_at(now))
    if not form.is_valid():
        raise wrong_query(form)
    return statement_for(organization=organization, period=form.period, as_of=now, retail=True)


def _name(statement: Statement) -> str:
    period = statement.period
    return f"usages-{statement.organization.pk}-{period.start}-{period.last}"


def _bill(bill: Bill) -> BillOut:
    sections = [
        SectionOut(section=section.value, sum=_money(bill.sum_of(section)))
        for section in Section
        if bill.section(section)
    ]
    return BillOut(
        total=_money(bill.total),
        sections=sections,
        is_complete=bill.is_complete,
        unpriced=bill.unpriced,
    )


def _lines(rows: Iterator[ChargeRow]) -> Iterator[bytes]:
    while batch := list(islice(rows, _ROWS_AT_ONCE)):
        yield "".join(chain.from_iterable((_line(each), "\n") for each in batch)).encode()


def _line(row: ChargeRow) -> str:
    charge = row.charge
    return ChargeOut(
        camera_id=charge.camera_id,
        camera=row.camera.name,
        title=row.title,
        tariff_id=charge.rate.tariff_id,
        tariff=row.tariff.name,
        started_at=row.started_at,
        ended_at=row.ended_at,
        unit="day" if charge.rate.by_day else "second",
        used=charge.used,
        billable=charge.billable,
        amount=None if charge.amount is None else _money(charge.amount),
    ).model_dump_json()


def _money(amount: Amount) -> Money:
    return Money(amount=f"{amount.number:f}", currency=amount.currency)
