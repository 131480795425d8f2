"""Tariff plans and their prices: list, get, create, edit, set a price."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from api.core.answers import (
    AmountText,
    Given,
    ListQuery,
    Money,
    Page,
    answer,
    filtered,
    money,
    page_of,
)
from api.core.callers import caller_of
from api.core.problems import Problem, wrong_form
from api.core.registering import edits, posts, reads
from api.core.versions import seen_version
from foundation.web.versions import version_of
from tariffs import operations
from tariffs.affected_invoices import AffectedInvoices
from tariffs.filters import TariffFilter
from tariffs.forms import EditTariffForm
from tariffs.models import Tariff, TariffPrice
from tariffs.price_forms import NewTariffForm, PriceForm
from tariffs.provider_calendar import provider_date

router = Router()
KIND = "tariffs"

Proration = Literal["second", "day", "begun_day"]


class StepOut(Schema):
    """The price from a number of camera-months in a calendar month on."""

    camera_months: Annotated[str, Field(examples=["100"])]
    price: Money


class PriceOut(Schema):
    """A monthly price per camera, from a date until that of the next one."""

    id: int
    valid_from: date
    price: Money
    steps: list[StepOut]


class TariffOut(Schema):
    """A tariff plan with all versions of its price, by date."""

    id: int
    name: str
    note: str
    currency: str
    proration: Proration
    is_default: bool
    dvr_depth_days: int
    dvr_space_gb: int
    has_anpr: bool
    is_archived: bool
    prices: list[PriceOut]


class TariffList(ListQuery):
    """The filters of the list of tariff plans."""

    q: Annotated[str | None, Field(description="Words of name or note.")] = None
    state: Annotated[
        Literal["archived", "all"] | None, Field(description="By default, those not archived.")
    ] = None


class Step(Given):
    """The price from a number of camera-months in a calendar month on."""

    camera_months: Annotated[str, Field(examples=["100"])]
    amount: AmountText


class NewTariff(Given):
    """A tariff plan to create, with its first price."""

    name: str
    note: str = ""
    currency: Annotated[str, Field(examples=["EUR"])]
    proration: Proration = "second"
    is_default: bool = False
    dvr_depth_days: int = 0
    dvr_space_gb: int = 0
    has_anpr: bool = False
    amount: AmountText
    valid_from: date
    steps: Annotated[list[Step], Field(default_factory=list, max_length=20)]


class TariffEdit(Given):
    """What to change; members that are left out stay as they are."""

    name: str | None = None
    note: str | None = None
    currency: str | None = None
    proration: Proration | None = None
    is_default: bool | None = None
    dvr_depth_days: int | None = None
    dvr_space_gb: int | None = None
    has_anpr: bool | None = None


class NewPrice(Given):
    """A monthly price per camera, from a date until that of the next version."""

    amount: AmountText
    valid_from: date
    steps: Annotated[list[Step], Field(default_factory=list, max_length=20)]
    confirmed: Annotated[
        str, Field(description="That of the problem `price_not_confirmed`, to go on.")
    ] = ""


@reads(router, "/tariffs", KIND, response=Page[TariffOut])
def list_tariffs(request: HttpRequest, query: Query[TariffList]) -> HttpResponse:
    """List tariff plans with their prices."""
    filterset = TariffFilter(request.GET, queryset=_shown(Tariff.objects.all()))
    rows, following = page_of(filtered(request, filterset, query), query)
    return answer(Page[TariffOut](items=[_out(each) for each in rows], next=following))


@reads(router, "/tariffs/{int:pk}", KIND, response=TariffOut)
def get_tariff(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a tariff plan, with its version as ETag."""
    return _answer(pk)


@posts(router, "/tariffs", KIND, response=TariffOut)
def create_tariff(request: HttpRequest, body: NewTariff) -> HttpResponse:
    """Create a tariff plan with its first price."""
    _refuse_limited(request)
    form = NewTariffForm(_data(body), today=provider_date(timezone.now()))
    if not form.is_valid():
        raise wrong_form(form)
    return _answer(operations.create_tariff(**form.cleaned_data).pk, status=201)


@edits(router, "/tariffs/{int:pk}", KIND, response=TariffOut)
def edit_tariff(request: HttpRequest, pk: int, body: TariffEdit) -> HttpResponse:
    """Change a tariff plan; its currency and proration only until a camera uses it."""
    _refuse_limited(request)
    tariff = get_object_or_404(Tariff.objects.select_for_update(no_key=True), pk=pk)
    stored = operations.stored_values(tariff)
    shown = _out(_shown(Tariff.objects.all()).get(pk=pk))
    version = seen_version(request, stored=stored, shown=shown, given=body)
    given = body.model_dump(exclude_unset=True, exclude_none=True)
    data = {name: _text(value) for name, value in {**stored, **given}.items()}
    form = EditTariffForm(data, instance=tariff, is_used=operations.is_used(tariff))
    if not form.is_valid():
        raise wrong_form(form)
    operations.change_tariff(tariff_id=pk, shown=version, **form.cleaned_data)
    return _answer(pk)


@posts(router, "/tariffs/{int:pk}/prices", KIND, response=PriceOut)
def set_price(request: HttpRequest, pk: int, body: NewPrice) -> HttpResponse:
    """Set a monthly price from a date on.

    A price that changes the past, replaces another, or leaves organizations paying more than the
    list is refused first; the answer says what it changes.
    """
    _refuse_limited(request)
    tariff, now = get_object_or_404(Tariff, pk=pk), timezone.now()
    form = PriceForm(_data(body), tariff=tariff)
    if not form.is_valid():
        raise wrong_form(form)
    try:
        price = operations.set_price(tariff_id=pk, now=now, **form.cleaned_data)
    except operations.PriceNotConfirmed as refusal:
        raise _not_confirmed(tariff, refusal, form.cleaned_data) from refusal
    prices = TariffPrice.objects.prefetch_related("steps")
    return answer(_price(prices.get(pk=price.pk), tariff.currency), status=201)


def _not_confirmed(
    tariff: Tariff, refusal: operations.PriceNotConfirmed, terms: dict[str, Any]
) -> Problem:
    change = refusal.change
    affected = AffectedInvoices.by_price(tariff.pk, change.valid_from, change.until)
    confirmed = {**terms, "confirmed": change.shown}
    set_it = partial(operations.set_price, tariff_id=tariff.pk, now=timezone.now(), **confirmed)
    changes = affected.with_changes(set_it).changes or ()
    return Problem(
        409,
        "price_not_confirmed",
        "Check what this price changes. To go on, send the request again with this `confirmed`.",
        more={
            "confirmed": change.shown,
            "cameras": change.camera_count,
            "replaces": change.replaces,
            "number_of_invoices": affected.number,
            "changes": [money(each.number, each.currency).model_dump() for each in changes],
        },
    )


def _refuse_limited(request: HttpRequest) -> None:
    """Refuse a token for some organizations: plans and prices concern all.

    Raises:
        Problem: the token is limited.
    """
    if not caller_of(request).token.for_all:
        raise Problem(
            403, "token_limited", "This token is for some organizations; this concerns all."
        )


def _shown(tariffs: QuerySet[Tariff]) -> QuerySet[Tariff]:
    return tariffs.prefetch_related("prices__steps")


def _answer(pk: int, *, status: int = 200) -> HttpResponse:
    tariff = get_object_or_404(_shown(Tariff.objects.all()), pk=pk)
    version = version_of(operations.stored_values(tariff))
    location = f"/api/v1/tariffs/{pk}" if status == 201 else ""
    return answer(_out(tariff), status=status, version=version, location=location)


def _out(tariff: Tariff) -> TariffOut:
    values = {name: getattr(tariff, name) for name in TariffOut.model_fields if name != "prices"}
    prices = sorted(tariff.prices.all(), key=lambda each: each.valid_from)
    return TariffOut(**values, prices=[_price(each, tariff.currency) for each in prices])


def _price(price: TariffPrice, currency: str) -> PriceOut:
    steps = sorted(price.steps.all(), key=lambda each: each.camera_months)
    return PriceOut(
        id=price.pk,
        valid_from=price.valid_from,
        price=money(price.amount, currency),
        steps=[
            StepOut(
                camera_months=f"{each.camera_months.normalize():f}",
                price=money(each.amount, currency),
            )
            for each in steps
        ],
    )


def _data(body: NewTariff | NewPrice) -> dict[str, Any]:
    """Return what a form sends."""
    values = {name: _text(value) for name, value in body.model_dump(exclude={"steps"}).items()}
    steps: Sequence[Step] = body.steps
    return {
        **values,
        "steps_from": [each.camera_months for each in steps],
        "steps_price": [each.amount for each in steps],
    }


def _text(value: object) -> str:
    """Return a value as a form sends it."""
    if isinstance(value, bool):
        # A checkbox that is not checked sends nothing, a choice sends a word.
        return str(value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
