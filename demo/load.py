"""Loading of the demonstration, with its provider and invoices in every state."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_UP, Decimal
from itertools import cycle
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.models import User
from demo.accounting import add_accounts
from demo.agreements import agree
from demo.asking import ask_as_owner
from demo.bank import add_account, add_statement
from demo.changes import (
    change_time_zone,
    close_one,
    hand_over_from_sign_in_owner,
    hand_over_to,
    plan_changes,
)
from demo.debits import collect, collect_next, set_up_collecting
from demo.e_invoices import BUYERS
from demo.e_invoices import PROVIDER as PROVIDER_IN_E_INVOICES
from demo.people import write_about_organizations
from demo.records import Sizes
from demo.reminders import remind
from demo.sign_ins import SIGN_INS
from demo.usage_load import NotEmptyError, load_usage
from foundation.web.versions import version_of
from invoices.differences import checking
from invoices.issuing import operations, settling
from invoices.issuing.refusals import IssueRefusal
from invoices.models import Invoice, OpenItem
from invoices.provider.models import Logo, Provider
from invoices.provider.operations import (
    ProviderDetails,
    change_e_invoicing,
    change_provider,
    stored_e_invoicing,
)
from invoices.provider.parties import provider_details
from organizations.models import Organization
from payments.models import Method, PaymentKind
from payments.operations import record_on_account, record_payment
from payments.payouts import refund, write_off
from rating.periods import Period, month_of
from reports.figures import revenue
from reports.figures.cameras import count_cameras
from usage.cameras.operations import disconnect
from usage.statements.price_list import all_tariffs

_PROVIDER: ProviderDetails = {
    "name": "Sehwerk Cloud GmbH",
    "street": "Am Leuchtturm 7",
    "postal_code": "20457",
    "city": "Hamburg",
    "country": "DE",
    "tax_id": "DE123456788",
    "email": "billing@example.com",
    "account_number": "DE02120300000000202051",
    "bic": "BYLADEM1001",
    "bank": "Demo Bank",
    "correspondent_account": "",
    "invoice_prefix": "INV",
    "credit_note_prefix": "CN",
    "days_to_pay": 14,
    "product_name": "",
    "charges_suspended": False,
    "uses_credit": False,
    "accounting_currency": "EUR",
    "rate_date": "issued",
    "rate_days": 7,
}
# By number of months before today: the shares of their totals that are paid of that month's
# invoices, in turn; None if the invoice is cancelled.
_NOTHING, _PART, _ALL, _TOO_MUCH = Decimal(0), Decimal("0.5"), Decimal(1), Decimal("1.5")
_SHARES_PAID = {
    4: (_ALL, _ALL, None, _ALL, _ALL),
    3: (_ALL, _PART, _ALL, _NOTHING),
    2: (_NOTHING, _PART, _ALL, _TOO_MUCH),
}
_RECENT = 2
# Of this many months before, what is paid in euro is collected by direct debit.
_COLLECTED = 3
# The figures of more cameras are left to workers, because nobody waits for them.
_MOST_CALCULATED = 20_000


@transaction.atomic
def load_demonstration(
    *, seed: int, today: date, sizes: Sizes, progress: Callable[[int], object]
) -> None:
    """Fill an empty database completely or not at all.

    `progress` is called with the number of cameras each time some have been written.

    Raises:
        NotEmptyError: the database has a user, tariff, tax, organization, camera or provider.
    """
    if Provider.objects.exists():
        raise NotEmptyError
    load_usage(seed=seed, today=today, sizes=sizes, progress=progress)
    logo = Logo.of((settings.BASE_DIR / "static" / "img" / "icon.svg").read_bytes())
    details: ProviderDetails = {**_PROVIDER, "logo": logo}
    change_provider(shown="", **details)
    shown = version_of(stored_e_invoicing(provider_details()))
    change_e_invoicing(shown=shown, **PROVIDER_IN_E_INVOICES)
    change_time_zone(today)
    add_account()
    set_up_collecting()
    _bill(today)
    midnight = datetime.combine(today, time(), UTC)
    add_statement(today - timedelta(days=1), midnight)
    add_accounts()
    collect_next(today, midnight, User.objects.get(email=SIGN_INS[0][1]))
    close_one(today)
    plan_changes(today)
    agree(today)
    ask_as_owner(today)
    remind(today)
    write_about_organizations(today)
    if sizes.cameras <= _MOST_CALCULATED:
        _calculate_figures(datetime.combine(today, time(), UTC))


def _calculate_figures(now: datetime) -> None:
    """Store the figures of Home, which workers would do within minutes."""
    tariffs = all_tariffs()
    for pk in revenue.waiting_organizations():
        revenue.calculate(organization_id=pk, now=now, tariffs=tariffs)
    revenue.add_up_changed(now)
    count_cameras(now)


def _bill(today: date) -> None:
    """Issue invoices for a few organizations as people would have, and record payments for some.

    Last month is left to be invoiced, and for the first organization the month before it too.
    """
    operator = User.objects.get(email=SIGN_INS[0][1])
    organizations = list(Organization.objects.order_by("pk")[:8])
    later_owner = hand_over_from_sign_in_owner()
    for months_before, shares in _SHARES_PAID.items():
        period = month_of(today, months_before=months_before)
        day = period.end + timedelta(days=2)
        if months_before == _RECENT:
            hand_over_to(later_owner)
            del organizations[0]
            day = today - timedelta(days=3)
        now = datetime.combine(day, time(9), UTC)
        issued = [
            invoice
            for organization in organizations
            for invoice in _issued(organization, period, now, operator)
        ]
        collected = []
        for invoice, share in zip(issued, cycle(shares), strict=False):
            if (months_before, share, invoice.currency) == (_COLLECTED, _ALL, "EUR"):
                collected.append(invoice)
            else:
                _pay_or_cancel(invoice, share, now + timedelta(days=2), operator)
        if collected:
            collect(collected, now, operator)
    for buyer in Organization.objects.filter(pk__in=[number + 1 for number in BUYERS]):
        _issued(buyer, period, now, operator)
    _correct(organizations, now + timedelta(days=2), operator)
    _pay_on_account(organizations, now + timedelta(days=2), operator)


def _pay_on_account(organizations: Sequence[Organization], now: datetime, by: User) -> None:
    """Record an advance payment with a refund, a deposit, a bank fee and a write-off."""
    organization, another = organizations[-2:]
    common: dict[str, Any] = {"now": now, "by": by}
    received: dict[str, Any] = {"paid_on": now.date(), "method": Method.TRANSFER, "currency": "EUR"}
    advance = record_on_account(
        organization_id=organization.pk,
        amount=Decimal(120),
        reference="Advance payment",
        automatically=False,
        **received,
        **common,
    )
    refund(
        payment_id=advance.pk,
        amount=Decimal(20),
        paid_on=now.date(),
        method=Method.TRANSFER,
        reference="Part of the advance payment",
        **common,
    )
    record_on_account(
        organization_id=another.pk,
        amount=Decimal(200),
        reference="Deposit",
        kind=PaymentKind.DEPOSIT,
        automatically=False,
        **received,
        **common,
    )
    owing = OpenItem.objects.filter(
        organization__in=organizations, currency="EUR", outstanding__gt=5, is_cancelled=False
    )
    if item := owing.order_by("pk").first():
        record_payment(
            invoice_id=item.pk,
            paid_on=now.date(),
            amount=Decimal(3),
            method=Method.TRANSFER,
            reference="Less a fee",
            bank_fee=Decimal("0.50"),
            **common,
        )
        write_off(invoice_id=item.pk, amount=Decimal("0.50"), reason="Small amount", **common)


def _correct(organizations: Sequence[Organization], now: datetime, by: User) -> None:
    """Disconnect cameras within invoiced time, and settle some of the differences.

    One is settled now, one with the next invoice, and others are left to be settled.
    """
    differing = [
        each for organization in organizations[:4] if (each := _corrected(organization, now))
    ]
    if differing:
        (settlement,) = settling.settlements_of(differing[:1], now)
        settling.settle_now(
            invoice_ids=[differing[0].pk],
            now=now,
            by=by,
            shown={differing[0].pk: settlement.version},
        )
        settling.defer(invoice_ids=[each.pk for each in differing[1:2]], now=now, by=by)


def _corrected(organization: Organization, now: datetime) -> Invoice | None:
    """Disconnect a camera in the middle of the latest invoice; return it, or None without one."""
    in_force = organization.invoices.in_force().order_by("-period_from", "currency")
    for invoice in in_force.select_related("organization"):
        start = datetime.combine(invoice.period_from, time(), UTC)
        used = organization.usage_intervals.in_use().filter(
            started_at__lt=start, tariff__currency=invoice.currency
        )
        use = used.order_by("pk").first()
        if use is not None:
            middle = start + timedelta(days=12, hours=9)
            disconnect(organization_id=organization.pk, use_ids=[use.pk], at=middle, now=now)
            checking.check(organization_id=organization.pk, now=now)
            return invoice
    return None


def _issued(organization: Organization, period: Period, now: datetime, by: User) -> list[Invoice]:
    try:
        return operations.issue(organization_id=organization.pk, period=period, now=now, by=by)
    except IssueRefusal:
        return []


def _pay_or_cancel(invoice: Invoice, share: Decimal | None, now: datetime, by: User) -> None:
    if share is None:
        operations.cancel(invoice_id=invoice.pk, now=now, by=by)
    elif share:
        unit = Decimal(1).scaleb(-invoice.digits)
        record_payment(
            invoice_id=invoice.pk,
            paid_on=now.date(),
            amount=(invoice.total * share).quantize(unit, ROUND_UP),
            method=Method.TRANSFER,
            reference=f"Statement of {now:%Y-%m-%d}",
            now=now,
            by=by,
        )
