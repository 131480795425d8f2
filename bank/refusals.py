"""Why something about a bank statement is refused."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from tariffs.money import format_money


class BankRefusal(Exception):
    """A refusal. Its text tells a person what to do."""


class UnknownAccounts(BankRefusal):
    """A file states accounts that are not the provider's, or in another currency."""

    def __init__(self, accounts: Sequence[tuple[str, str]]) -> None:
        super().__init__(accounts)
        self.accounts = accounts

    def __str__(self) -> str:
        names = ", ".join(f"{number} ({currency})" for number, currency in self.accounts)
        return _(
            "The file is about an account that is not among the bank accounts: %(accounts)s. Add "
            "it, and upload the file again."
        ) % {"accounts": names}


class NotOpen(BankRefusal):
    """Somebody has decided about the line already."""

    def __str__(self) -> str:
        return _("Somebody has decided about this line meanwhile.")


class NotDecided(BankRefusal):
    """The line is open."""

    def __str__(self) -> str:
        return _("This line is open; there is nothing to undo.")


class NotReceived(BankRefusal):
    """The line takes money from the account."""

    def __str__(self) -> str:
        return _("This money left the account, so it pays nothing. Ignore the line with a reason.")


class NotInFull(BankRefusal):
    """The parts of a line are not its amount."""

    def __init__(self, *, parts: Decimal, amount: Decimal, currency: str) -> None:
        super().__init__(parts, amount, currency)
        self.parts, self.amount, self.currency = parts, amount, currency

    def __str__(self) -> str:
        return _("The parts are %(parts)s, but the line is %(amount)s.") % {
            "parts": format_money(self.parts, self.currency),
            "amount": format_money(self.amount, self.currency),
        }


class NothingTakenBack(BankRefusal):
    """A line takes back no payment of its amount."""

    def __str__(self) -> str:
        return _("This line does not take back that payment.")


class TakesBack(BankRefusal):
    """The line took back a payment, which stays reversed."""

    def __str__(self) -> str:
        return _(
            "This line took back a payment. A reversal cannot be reversed: if it was a mistake, "
            "record the payment again."
        )
