"""Rows of the demonstration: each NamedTuple names the columns of one table."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Sizes:
    """The size of a demonstration: at least one organization, and any number of cameras."""

    organizations: int = 40
    cameras: int = 1_500


class UserRow(NamedTuple):
    """A user; `password` is in plain text, or None if the account is not activated."""

    id: int
    email: str
    name: str
    role: str
    password: str | None
    is_active: bool
    date_joined: datetime


class TariffRow(NamedTuple):
    id: int
    name: str
    note: str
    currency: str
    proration: str
    is_default: bool
    dvr_depth_days: int
    dvr_space_gb: int
    has_anpr: bool
    is_archived: bool


class PriceRow(NamedTuple):
    tariff_id: int
    amount: Decimal
    valid_from: date


class OrganizationRow(NamedTuple):
    id: int
    title: str
    owner_id: int
    trial_first_on: date | None
    trial_last_on: date | None
    time_zone: str
    contract_number: str
    contract_signed_on: date | None
    watcher_id: str
    billing_email: str
    invoice_language: str
    attach_charges: bool


class TaxRow(NamedTuple):
    id: int
    name: str
    category: str
    exemption_text: str
    exemption_code: str
    is_default: bool


class TaxPercentRow(NamedTuple):
    tax_id: int
    percent: Decimal
    valid_from: date


class DetailsRow(NamedTuple):
    """A version of billing details; `tax_number` is the organization's, `tax_id` the tax's."""

    organization_id: int
    valid_from: date | None
    name: str
    street: str
    postal_code: str
    city: str
    country: str
    tax_number: str
    tax_id: int | None
    buyer_kind: str = ""
    profile: str = "en16931"
    endpoint: str = ""
    endpoint_scheme: str = ""
    buyer_reference: str = ""
    order_reference: str = ""
    project_reference: str = ""


class AvailabilityRow(NamedTuple):
    organization_id: int
    tariff_id: int


class CameraRow(NamedTuple):
    id: int
    name: str
    title: str
    organization_id: int


class IntervalRow(NamedTuple):
    camera_id: int
    organization_id: int
    tariff_id: int
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class DemoProvider:
    """All rows except those of cameras, which are too many to hold in memory."""

    users: tuple[UserRow, ...]
    tariffs: tuple[TariffRow, ...]
    prices: tuple[PriceRow, ...]
    organizations: tuple[OrganizationRow, ...]
    availability: tuple[AvailabilityRow, ...]
    taxes: tuple[TaxRow, ...]
    percents: tuple[TaxPercentRow, ...]
    details: tuple[DetailsRow, ...]
