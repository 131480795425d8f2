"""Whom the lines of a file of payments pay, and which open items."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from invoices.models import Invoice
from organizations.models import Organization
from payments.allocating import OpenAmount, in_order, open_amounts
from payments.books import closed_through, refuse_closed
from payments.imports.reading import PaymentLine
from payments.models import Payment
from payments.operations import check_amount, check_date, check_payment
from rating.money import minor_digits
from tariffs.provider_calendar import provider_date

# Characters quoted from a wrong line.
_MOST_SHOWN = 100


class Outcome(StrEnum):
    """The state of the invoice after a line, or why the line records nothing.

    A line that names a contract is ALLOCATED to open items, or at least a part is left ON_ACCOUNT.
    KNOWN and REVERSED record nothing: the payment is already recorded, or recorded and reversed.
    """

    PAID = "paid"
    PART_PAID = "part_paid"
    OVERPAID = "overpaid"
    ALLOCATED = "allocated"
    ON_ACCOUNT = "on_account"
    KNOWN = "known"
    REVERSED = "reversed"


@dataclass(frozen=True, slots=True)
class Payee:
    """What a line pays: the invoice that it names, or an organization by its contract.

    `invoice` and `number` are None and "" without an invoice; `owner` is the payment's.
    """

    organization: int
    title: str
    owner: int
    invoice: int | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """The outcome of a line. `left` is the outstanding amount after it, negative if overpaid.

    `parts` are the ids of the invoices that it pays, with the amounts.
    """

    line: PaymentLine
    payee: Payee
    outcome: Outcome
    left: Decimal
    parts: Sequence[tuple[int, Decimal]] = ()

    @property
    def is_new(self) -> bool:
        """Whether the line records a payment."""
        return self.outcome not in (Outcome.KNOWN, Outcome.REVERSED)

    @property
    def too_much(self) -> Decimal:
        """The amount that the line leaves on account, or 0."""
        return max(-self.left, Decimal(0))


@dataclass(frozen=True)
class Payees:
    """What is known of the invoices and contracts that lines name.

    `left` is what is outstanding of each invoice (id), less what the lines planned so far pay.
    `owing` are the open items of the organizations (ids) that contracts name.
    """

    invoices: Mapping[str, Any]
    contracts: Mapping[str, Sequence[Organization]]
    owing: Mapping[tuple[int, str], Sequence[OpenAmount]]
    left: dict[int, Decimal]
    known: Mapping[Any, Outcome]
    closed_through: date | None

    @classmethod
    def of(cls, lines: Sequence[PaymentLine], now: datetime, *, lock: bool) -> Payees:
        """Read what lines name with a constant number of queries; `lock` the organizations first.

        They are locked in the order of their ids.
        """
        numbers = {line.invoice for line in lines if line.invoice}
        names = {line.contract for line in lines if line.contract}
        if lock:
            paid = Invoice.objects.filter(number__in=numbers).order_by().values("organization")
            organizations = Organization.objects.filter(pk__in=paid) | Organization.objects.filter(
                contract_number__in=names
            )
            locked = organizations.order_by("pk").select_for_update(no_key=True)
            # Evaluate the query to take the locks.
            list(locked.values_list("pk"))
        invoices = _invoices(numbers, now)
        contracts: dict[str, list[Organization]] = defaultdict(list)
        if names:
            for each in Organization.objects.filter(contract_number__in=names).order_by("pk"):
                contracts[each.contract_number].append(each)
        ids = {each.pk for found in contracts.values() for each in found}
        owing: dict[tuple[int, str], list[OpenAmount]] = defaultdict(list)
        for item in open_amounts(ids) if ids else ():
            owing[item.organization_id, item.currency].append(item)
        left = {item.invoice_id: item.outstanding for items in owing.values() for item in items}
        left |= {invoice.pk: invoice.outstanding for invoice in invoices.values()}
        known = _known(invoices.values(), ids)
        return cls(invoices, contracts, owing, left, known, closed_through())

    def find(self, line: PaymentLine) -> Payee | str:
        """Return what a line pays, or why that cannot be told."""
        return self._by_invoice(line) if line.invoice else self._by_contract(line)

    def _by_invoice(self, line: PaymentLine) -> Payee | str:
        invoice = self.invoices.get(line.invoice)
        if invoice is None:
            return _("Invoice “%(number)s” does not exist. Correct the number.") % {
                "number": line.invoice[:_MOST_SHOWN]
            }
        if line.currency != invoice.currency:
            return _("%(number)s is in %(currency)s. Correct the currency or the number.") % {
                "number": invoice.number,
                "currency": invoice.currency,
            }
        organization = invoice.organization
        if line.contract and line.contract != organization.contract_number:
            return _("%(number)s is not of contract “%(contract)s”. Correct one of them.") % {
                "number": invoice.number,
                "contract": line.contract[:_MOST_SHOWN],
            }
        return Payee(
            organization.pk, organization.title, invoice.owner_id, invoice.pk, invoice.number
        )

    def _by_contract(self, line: PaymentLine) -> Payee | str:
        found = self.contracts.get(line.contract, ())
        if len(found) != 1:
            text = (
                _("Several organizations have contract “%(contract)s”. Name the invoice.")
                if found
                else _("No organization has contract “%(contract)s”. Correct the number.")
            )
            return text % {"contract": line.contract[:_MOST_SHOWN]}
        if not _is_currency(line.currency):
            return _("“%(text)s” is not a currency. Use a code such as EUR.") % {
                "text": line.currency[:_MOST_SHOWN]
            }
        (organization,) = found
        return Payee(organization.pk, organization.title, organization.owner_id)

    def plan(self, line: PaymentLine, payee: Payee, now: datetime) -> Planned:
        """Plan what a line does, and count it as done.

        Raises:
            PaymentRefusal: such a payment would be refused.
        """
        invoice = payee.invoice
        left = Decimal(0) if invoice is None else self.left[invoice]
        if (outcome := self.known.get(same(line, payee))) is not None:
            return Planned(line, payee, outcome, left)
        refuse_closed(line.paid_on, self.closed_through)
        if invoice is None:
            check_amount(line.amount, line.currency)
            check_date(line.paid_on, now)
            return self._plan_contract(line, payee)
        check_payment(
            invoice=self.invoices[line.invoice], paid_on=line.paid_on, amount=line.amount, now=now
        )
        parts = self._take([invoice], line.amount)
        rest = line.amount - sum(amount for _pk, amount in parts)
        after = self.left[invoice] - rest
        return Planned(line, payee, _outcome(after), after, parts)

    def _plan_contract(self, line: PaymentLine, payee: Payee) -> Planned:
        items = in_order(self.owing.get((payee.organization, line.currency), ()), line.reference)
        parts = self._take([item.invoice_id for item in items], line.amount)
        rest = line.amount - sum(amount for _pk, amount in parts)
        outcome = Outcome.ON_ACCOUNT if rest else Outcome.ALLOCATED
        return Planned(line, payee, outcome, -rest, parts)

    def _take(self, invoices: Iterable[int], amount: Decimal) -> list[tuple[int, Decimal]]:
        """Pay invoices in order, as far as the amount goes; return the parts."""
        parts = []
        for pk in invoices:
            if (part := min(amount, self.left[pk])) > 0:
                parts.append((pk, part))
                self.left[pk] -= part
                amount -= part
        return parts


def same(line: PaymentLine, payee: Payee) -> tuple[int, str, int | None, date, Decimal, str]:
    """Return the values that identify a payment."""
    named = (payee.organization, line.currency, payee.invoice)
    return *named, line.paid_on, line.amount, line.reference


def _invoices(numbers: set[str], now: datetime) -> Mapping[str, Any]:
    invoices = Invoice.objects.with_open_item(provider_date(now)).select_related(
        "credit_note", "organization"
    )
    found = invoices.filter(number__in=numbers)
    return {invoice.number: invoice for invoice in found.defer("seller", "account", "buyer")}


def _known(invoices: Iterable[Invoice], organizations: set[int]) -> Mapping[Any, Outcome]:
    """Return the recorded payments that name these invoices, or none, as `same` gives them."""
    payments = Payment.objects.filter(invoice__in=[each.pk for each in invoices])
    if organizations:
        payments |= Payment.objects.filter(invoice=None, organization__in=organizations)
    rows = (
        payments.filter(reverses=None)
        .order_by()
        .values_list(
            "organization", "currency", "invoice", "paid_on", "amount", "reference", "reversal"
        )
    )
    known = {}
    # If one of several equal payments was reversed and another was not, the latter counts.
    for *payment, reversal in sorted(rows, key=lambda row: row[-1] is None):
        known[tuple(payment)] = Outcome.KNOWN if reversal is None else Outcome.REVERSED
    return known


def _is_currency(code: str) -> bool:
    try:
        minor_digits(code)
    except ValueError:
        return False
    return True


def _outcome(left: Decimal) -> Outcome:
    if left > 0:
        return Outcome.PART_PAID
    return Outcome.OVERPAID if left < 0 else Outcome.PAID
