"""The demonstration's tariffs, people and organizations.

Pure: the same seed and date give the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import product
from random import Random

from accounts.models import Role
from demo.billing import PERCENTS, TAXES, billing_details, delivery
from demo.e_invoices import BUYERS
from demo.records import (
    AvailabilityRow,
    DemoProvider,
    OrganizationRow,
    PriceRow,
    Sizes,
    TariffRow,
    UserRow,
)
from demo.sign_ins import SIGN_INS
from demo.words import REGIONS, SPECIAL_TITLES, Region, mailbox
from tariffs.models import Proration

ARCHIVED_TARIFF = 6
# The archived tariff has not been assigned to a camera for this long.
ARCHIVED_DAYS_AGO = 150

_TARIFFS = (
    TariffRow(
        1, "Cloud 7", "A week of archive: the plan for shops and yards.",
        "EUR", Proration.SECOND, True, 7, 60, False, False,
    ),
    TariffRow(
        2, "Cloud 30", "A month of archive.",
        "EUR", Proration.SECOND, True, 30, 250, False, False,
    ),
    TariffRow(
        3, "Cloud 30 ANPR", "A month of archive, and number plates read at gates and barriers.",
        "EUR", Proration.SECOND, False, 30, 250, True, False,
    ),
    TariffRow(
        4, "By the day", "For building sites and events: charged by the night.",
        "EUR", Proration.DAY, False, 3, 25, False, False,
    ),
    TariffRow(
        5, "World 14", "Two weeks of archive, charged in US dollars.",
        "USD", Proration.SECOND, False, 14, 120, False, False,
    ),
    TariffRow(
        ARCHIVED_TARIFF, "World 30 (2024)", "No longer sold; those who have it keep it.",
        "USD", Proration.BEGUN_DAY, False, 30, 250, True, True,
    ),
)  # fmt: skip
# Tariff, amount, and the month from which the price applies, counted from this month.
_PRICES = (
    (1, "8.50", -30), (1, "9.00", -5),
    (2, "14.90", -30), (2, "15.90", -8), (2, "16.90", -1),
    (3, "24.00", -30), (3, "26.00", 2),
    (4, "12.00", -30), (4, "12.60", -4),
    (5, "11.00", -30), (5, "11.50", -6), (5, "12.25", 1),
    (6, "21.00", -36), (6, "22.50", -14),
)  # fmt: skip
_DOMAINS = ("example.com", "example.org", "example.net")
# First and last date of the trial, in days from today; assigned to organizations in turn.
_TRIALS = (None, (-200, -171), (-8, 21), None, (6, 35), None, (-90, -61), (-12, 4), None, None)
# Numbers of the organizations that the demonstration's owner has, if there are that many.
_SIGN_IN_OWNS = frozenset({0, 10, 23})
_SIGN_IN_OWNER_ID = 1 + [role for role, _, _ in SIGN_INS].index(Role.OWNER)
_OWNERS_PASSWORD = SIGN_INS[_SIGN_IN_OWNER_ID - 1][2]


def make_provider(seed: int, today: date, sizes: Sizes) -> DemoProvider:
    """Return all rows except those of cameras; all dates are relative to `today`."""
    users, organizations = _people_and_organizations(seed, today, sizes)
    return DemoProvider(
        users=tuple(users),
        tariffs=_TARIFFS,
        prices=tuple(
            PriceRow(tariff, Decimal(amount), first_of_month(today, months))
            for tariff, amount, months in _PRICES
        ),
        organizations=tuple(organizations),
        availability=tuple(_availability(sizes)),
        taxes=TAXES,
        percents=PERCENTS,
        details=tuple(
            version
            for number, row in enumerate(organizations)
            for version in billing_details(number, row.title, REGIONS[number % len(REGIONS)], today)
        ),
    )


def _people_and_organizations(
    seed: int, today: date, sizes: Sizes
) -> tuple[list[UserRow], list[OrganizationRow]]:
    random = Random(f"{seed} provider")
    users = list(_staff(today))
    taken = {user.email for user in users}
    organizations: list[OrganizationRow] = []
    titles = [_titles(region, random) for region in REGIONS]
    for number in range(sizes.organizations):
        region = REGIONS[number % len(REGIONS)]
        if number in _SIGN_IN_OWNS:
            owner_id = _SIGN_IN_OWNER_ID
        elif number % 7 == 5 and number >= len(REGIONS):
            # The owner of the previous organization of the region owns this one too.
            owner_id = organizations[number - len(REGIONS)].owner_id
        else:
            owner_id = len(users) + 1
            users.append(_owner(owner_id, region, today, random, taken))
        special = BUYERS[number].title if number in BUYERS else SPECIAL_TITLES.get(number)
        title = special or next(titles[number % len(REGIONS)])
        organizations.append(_organization(number, title, owner_id, region, today))
    return users, organizations


def first_of_month(today: date, months: int) -> date:
    """Return the first date of the month `months` after that of `today`; negative is before."""
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return date(year, month + 1, 1)


def _staff(today: date) -> Iterator[UserRow]:
    names = {
        Role.OPERATOR: "Olga Operator",
        Role.SUPPORT: "Sam Support",
        Role.OWNER: "Hanna Hansen",
    }
    joined = datetime.combine(today - timedelta(days=900), time(9), UTC)
    for number, (role, email, password) in enumerate(SIGN_INS, start=1):
        yield UserRow(number, email, names[Role(role)], role, password, True, joined)


def _owner(number: int, region: Region, today: date, random: Random, taken: set[str]) -> UserRow:
    name = f"{random.choice(region.first_names)} {random.choice(region.last_names)}"
    domain = _DOMAINS[number % len(_DOMAINS)]
    email = f"{mailbox(name)}@{domain}"
    if email in taken:
        email = f"{mailbox(name)}{number}@{domain}"
    taken.add(email)
    password = None if number % 4 == 0 else _OWNERS_PASSWORD
    days = random.randrange(1, 21) if password is None else random.randrange(30, 900)
    joined = datetime.combine(today - timedelta(days=days), time(random.randrange(6, 18)), UTC)
    return UserRow(number, email, name, Role.OWNER, password, True, joined)


def _titles(region: Region, random: Random) -> Iterator[str]:
    pairs = list(product(region.brands, region.trades))
    random.shuffle(pairs)
    rounds = 0
    while True:
        rounds += 1
        for brand, trade in pairs:
            title = region.pattern.format(brand=brand, trade=trade)
            yield title if rounds == 1 else f"{title} {rounds}"


def _organization(
    number: int, title: str, owner_id: int, region: Region, today: date
) -> OrganizationRow:
    # Shift by one each round, so that a region's organizations are not all in the same state.
    trial = _TRIALS[(number + number // len(REGIONS)) % len(_TRIALS)]
    first, last = (today + timedelta(days=days) for days in trial) if trial else (None, None)
    signed = today - timedelta(days=370 + number * 37 % 700)
    # Some contracts are not signed yet.
    has_contract = number % 9 != 8
    return OrganizationRow(
        id=number + 1,
        title=title,
        owner_id=owner_id,
        trial_first_on=first,
        trial_last_on=last,
        time_zone=region.time_zone,
        contract_number=f"{region.currency[0]}-{signed.year}/{number + 1:04d}"
        if has_contract
        else "",
        contract_signed_on=signed if has_contract else None,
        watcher_id=f"org-{number + 1}",
        **delivery(number, region),
    )


def _availability(sizes: Sizes) -> Iterator[AvailabilityRow]:
    for number in range(sizes.organizations):
        if REGIONS[number % len(REGIONS)].currency == "EUR":
            tariffs = (1, 2, 3, 4) if number % 3 else (1, 2, 3)
        else:
            tariffs = (2, 5, ARCHIVED_TARIFF) if number % 3 else (5, ARCHIVED_TARIFF, 3)
        for tariff in tariffs:
            yield AvailabilityRow(number + 1, tariff)
