"""Loading of subscribers, tariffs and a year of camera usage into an empty database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.management.color import no_style
from django.db import connection, models, transaction

from accounts.models import User
from demo.cameras import make_cameras
from demo.provider import make_provider
from demo.records import (
    AvailabilityRow,
    CameraRow,
    DemoProvider,
    DetailsRow,
    IntervalRow,
    OrganizationRow,
    PriceRow,
    Sizes,
    TariffRow,
    TaxPercentRow,
    TaxRow,
    UserRow,
)
from foundation.audit.recording import send_audit_context
from organizations.models import BillingDetails, Organization, Tax, TaxPercent
from tariffs.models import Tariff, TariffPrice
from usage.models import Camera, UsageInterval

# An arbitrary number for the lock that is held until the transaction ends.
_ADVISORY_LOCK = 7_340_661_129
_CAMERAS_A_STEP = 10_000
_AVAILABILITY: type[models.Model] = Organization.tariffs.through


class NotEmptyError(Exception):
    """The database holds data that must not be mixed with a demonstration."""


def load_usage(*, seed: int, today: date, sizes: Sizes, progress: Callable[[int], object]) -> None:
    """Fill an empty database completely or not at all.

    `progress` is called with the number of cameras each time some have been written.

    Raises:
        NotEmptyError: the database has a user, tariff, tax, organization or camera.
    """
    provider = make_provider(seed, today, sizes)
    with transaction.atomic():
        _require_empty()
        send_audit_context()
        _load_provider(provider)
        cameras = make_cameras(seed, today, sizes, provider)
        while step := list(islice(cameras, _CAMERAS_A_STEP)):
            _copy(Camera, CameraRow, (camera for camera, _ in step))
            _copy(UsageInterval, IntervalRow, (row for _, rows in step for row in rows))
            progress(len(step))
        _finish()


def _require_empty() -> None:
    with connection.cursor() as cursor:
        # Without the lock, two processes at once would both find the database empty.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADVISORY_LOCK])
    for model in (User, Tariff, Tax, Organization, Camera):
        if model._default_manager.exists():
            raise NotEmptyError


def _load_provider(provider: DemoProvider) -> None:
    _copy(User, UserRow, _with_hashes(provider.users))
    _copy(Tariff, TariffRow, provider.tariffs)
    _copy(TariffPrice, PriceRow, provider.prices)
    _copy(Organization, OrganizationRow, provider.organizations)
    _copy(_AVAILABILITY, AvailabilityRow, provider.availability)
    _copy(Tax, TaxRow, provider.taxes)
    _copy(TaxPercent, TaxPercentRow, provider.percents)
    _copy(BillingDetails, DetailsRow, provider.details)


def _with_hashes(users: Iterable[UserRow]) -> Iterator[UserRow]:
    # Hash each password once: a hash takes as long as loading thousands of cameras.
    hashes: dict[str, str] = {}
    for user in users:
        if user.password is None:
            hashed = make_password(None)
        else:
            hashed = hashes.get(user.password) or make_password(user.password)
            hashes[user.password] = hashed
        yield user._replace(password=hashed)


def _copy(model: type[models.Model], row_type: Any, rows: Iterable[tuple[Any, ...]]) -> None:
    # COPY takes a tenth of the time of INSERT, and takes rows one at a time.
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join(map(connection.ops.quote_name, row_type._fields))
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _finish() -> None:
    """Continue the id sequences after the copied ids, and give the planner statistics."""
    tables: list[type[models.Model]] = [
        User,
        Tariff,
        TariffPrice,
        Organization,
        _AVAILABILITY,
        Tax,
        TaxPercent,
        BillingDetails,
        Camera,
        UsageInterval,
    ]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
        names = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in tables)
        cursor.execute(f"ANALYZE {names}")
