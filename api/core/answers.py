"""What answers are made of: money, people, pages of lists, and the headers of a version."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

from django.http import HttpRequest, HttpResponse
from django_filters import FilterSet
from ninja import Schema
from pydantic import BaseModel, ConfigDict, Field

from accounts.models import User
from api.core.problems import Fault, wrong_query, wrong_values
from foundation.lists.exports import trimmed
from rating.money import minor_digits

MOST_ROWS = 500
_JSON = "application/json"

AmountText = Annotated[
    str, Field(pattern=r"^\d{1,12}(\.\d{1,4})?$", description="An amount.", examples=["12.30"])
]
Item = TypeVar("Item")


class Given(Schema):
    """The body of a request; a member that is not known is refused."""

    model_config = ConfigDict(extra="forbid")


class Money(Schema):
    """An amount in the major unit of a currency, as a decimal number in a string."""

    amount: Annotated[str, Field(pattern=r"^-?\d+(\.\d+)?$", examples=["12.30"])]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["EUR"])]


class PersonOut(Schema):
    """A person, as others refer to them."""

    id: int
    email: str
    name: str


class Page(Schema, Generic[Item]):
    """Some rows of a list, in the order of their ids."""

    items: list[Item]
    next: Annotated[
        int | None, Field(description="Send it as `after` for the next rows; null at the end.")
    ]


class ListQuery(Schema):
    """Which rows of a list to return."""

    limit: Annotated[int, Field(ge=1, le=MOST_ROWS, description="How many rows.")] = 100
    after: Annotated[
        int | None, Field(ge=0, description="`next` of the answer with the rows before.")
    ] = None


def money(amount: Decimal, currency: str) -> Money:
    """Return an amount with the decimals of its currency, or more if it has more."""
    shown = trimmed(amount, minor_digits(currency))
    return Money(amount=f"{shown:f}", currency=currency)


def person(user: User) -> PersonOut:
    """Return a person, as others refer to them."""
    return PersonOut(id=user.pk, email=user.email, name=user.name)


def answer(
    content: BaseModel, *, status: int = 200, version: str = "", location: str = ""
) -> HttpResponse:
    """Return an answer with its content as JSON, and with the version of what it shows."""
    response = HttpResponse(content.model_dump_json(), status=status, content_type=_JSON)
    if version:
        response["ETag"] = f'"{version}"'
    if location:
        response["Location"] = location
    return response


def page_of(rows: Any, query: ListQuery) -> tuple[list[Any], int | None]:
    """Return the wanted rows of a queryset in order of their ids, and `next`."""
    found = rows.order_by("pk")
    if query.after is not None:
        found = found.filter(pk__gt=query.after)
    read = list(found[: query.limit + 1])
    shown = read[: query.limit]
    return shown, shown[-1].pk if len(read) > query.limit else None


def filtered(request: HttpRequest, filterset: FilterSet, query: ListQuery) -> Any:
    """Return the rows that a list's filter keeps.

    Raises:
        Problem: a parameter is not known, or its value is wrong.
    """
    refuse_unknown(request, query)
    if filterset.is_valid():
        return filterset.qs
    raise wrong_query(filterset.form)


def refuse_unknown(request: HttpRequest, query: BaseModel) -> None:
    """Refuse parameters of the query that the operation does not have.

    Raises:
        Problem: there is one, so that a mistyped filter does not return everything.
    """
    fields = type(query).model_fields
    known = {field.alias or name for name, field in fields.items()}
    if unknown := sorted(set(request.GET) - known):
        detail = f"This list has no such parameter. It has: {', '.join(sorted(known))}."
        raise wrong_values([Fault("unknown_parameter", detail, parameter=each) for each in unknown])
