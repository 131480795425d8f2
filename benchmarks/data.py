"""Create the data to measure: the same each time, and no easier than real data.

Every camera has two intervals: it changes its tariff at some second of `MONTH`. In that month a
tariff changes its price and, in some time zones, the clock is set back. Every interval is therefore
cut, no two charges are alike, and no result can be derived from a few sums.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

from django.db import connection

from accounts.models import User
from organizations.models import Organization
from rating.periods import Period
from tariffs.models import Proration, Tariff, TariffPrice
from usage.models import Camera, UsageInterval

MONTH = Period.inclusive(date(2026, 10, 1), date(2026, 10, 31))
AS_OF = datetime(2026, 11, 10, 9, 30, tzinfo=UTC)

TARIFFS = (
    ("Basic", "EUR", Proration.SECOND, (("9.00", date(2020, 1, 1)), ("9.50", date(2026, 1, 1)))),
    ("Pro", "EUR", Proration.SECOND, (("14.90", date(2020, 1, 1)), ("16.90", date(2026, 10, 16)))),
    ("Daily", "EUR", Proration.DAY, (("9.00", date(2020, 1, 1)),)),
    ("Yen", "JPY", Proration.SECOND, (("1000", date(2026, 10, 10)),)),
)
ZONES = ("Europe/Berlin", "UTC", "America/New_York", "Asia/Kathmandu")
FIRST_NAMES = ("Anna", "Boris", "Chen", "Dana", "Emil", "Farah", "Greta")
LAST_NAMES = ("Adler", "Brandt", "Costa", "Dubois", "Evans")
KINDS = ("Bakery", "Car park", "Hotel", "School", "Shop")

# The database generates the rows: a million take seconds. Consecutive cameras belong to different
# organizations, as if all organizations grew at the same time.
_CAMERAS = """
    INSERT INTO usage_camera (id, name, title, organization_id)
    SELECT number, format('cam-%%s-%%s', to_hex(number), place), initcap(place) || ' ' || number,
        %(organization)s + number %% %(organizations)s
    FROM generate_series(%(first)s::bigint, %(first)s + %(number)s - 1) AS number,
        LATERAL (SELECT (ARRAY['gate', 'yard', 'hall', 'lift', 'roof'])[1 + number %% 5] AS place)
            AS places
"""
_INTERVALS = """
    INSERT INTO usage_usageinterval (camera_id, organization_id, tariff_id, started_at, ended_at)
    SELECT camera, organization, tariff, since, until
    FROM (
        SELECT number AS camera, %(organization)s + number %% %(organizations)s AS organization,
            timestamptz '2026-09-01 UTC' + interval '1 second' * floor(random() * 2000000) AS a,
            timestamptz '2026-10-01 UTC' + interval '1 second' * floor(20000 + random() * 2600000)
                AS b
        FROM generate_series(%(first)s::bigint, %(first)s + %(number)s - 1) AS number
    ) AS instants,
        LATERAL (VALUES
            (%(tariffs)s::bigint[], camera %% 4, a, b),
            (%(tariffs)s, (camera + 1 + camera / 4 %% 3) %% 4, b, NULL)
        ) AS halves (tariffs, choice, since, until),
        LATERAL (SELECT tariffs[1 + choice] AS tariff) AS chosen
"""


def add_provider(*, owners: int, organizations: int) -> list[Organization]:
    """Add tariffs, owners and organizations; every third organization has a trial."""
    tariffs = Tariff.objects.bulk_create(
        Tariff(name=name, currency=currency, proration=proration, dvr_depth_days=7, dvr_space_gb=0)
        for name, currency, proration, _ in TARIFFS
    )
    TariffPrice.objects.bulk_create(
        TariffPrice(tariff=tariff, amount=amount, valid_from=day)
        for tariff, (*_, prices) in zip(tariffs, TARIFFS, strict=True)
        for amount, day in prices
    )
    users = User.objects.bulk_create(map(_owner, range(owners)), batch_size=2_000)
    added = Organization.objects.bulk_create(
        (_organization(number, users[number % owners]) for number in range(organizations)),
        batch_size=2_000,
    )
    available = Organization.tariffs.through
    available.objects.bulk_create(
        (
            available(organization_id=organization.pk, tariff_id=tariff.pk)
            for organization in added
            for tariff in tariffs
        ),
        batch_size=10_000,
    )
    return added


def _owner(number: int) -> User:
    first, last = FIRST_NAMES[number % 7], LAST_NAMES[number % 5]
    email = f"{first}.{last}{number}@example.com".lower()
    return User(email=email, name=f"{first} {last}", password="!")


def _organization(number: int, owner: User) -> Organization:
    trial = number % 3 == 0
    return Organization(
        title=f"{KINDS[number % 5]} {number}",
        owner=owner,
        time_zone=ZONES[number % 4],
        trial_first_on=date(2026, 9, 21) if trial else None,
        trial_last_on=date(2026, 10, 10) if trial else None,
        contract_number=f"C-{number}",
    )


def add_cameras(first: int, number: int, organizations: list[Organization]) -> None:
    """Add cameras with ids from `first` on to organizations with consecutive ids."""
    parameters: dict[str, int | list[int]] = {
        "first": first,
        "number": number,
        "organization": organizations[0].pk,
        "organizations": len(organizations),
        "tariffs": list(Tariff.objects.order_by("pk").values_list("pk", flat=True)),
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute(_CAMERAS, parameters)
        cursor.execute(_INTERVALS, parameters)


@contextmanager
def checked_afterwards() -> Iterator[None]:
    """Disable triggers and the constraint against overlaps while rows are added; then restore both.

    Millions of rows take a quarter of the time this way. Restoring the constraint checks all rows.
    """
    constraint = UsageInterval._meta.constraints[0]
    tables = [model._meta.db_table for model in (Camera, UsageInterval)]
    with connection.schema_editor() as editor, connection.cursor() as cursor:
        editor.remove_constraint(UsageInterval, constraint)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    with connection.schema_editor() as editor, connection.cursor() as cursor:
        editor.add_constraint(UsageInterval, constraint)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
