"""What becomes of a line: payments, split or not, taken back, ignored, undone."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from bank import refusals
from bank.models import BankLine, LineState
from bank.posting import Part, ignore, post, take_back, undo
from bank.proposing import post_certain, propose, taken_back
from bank.tests.factories import a_line, an_account
from invoices.models import Invoice, OpenItem
from invoices.tests.factories import IN_NOVEMBER, issued_invoice
from payments.models import OnAccount, Payment
from payments.operations import reverse_payment
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db

NOTHING = Decimal(0)


@pytest.fixture
def invoice() -> Invoice:
    """An invoice for EUR 10.71."""
    return issued_invoice()


def outstanding(invoice: Invoice) -> Decimal:
    amount: Decimal = OpenItem.objects.get(pk=invoice.pk).outstanding
    return amount


def state(line: BankLine) -> str:
    return BankLine.objects.get(pk=line.pk).state


def record(line: BankLine, *parts: Part) -> list[Payment]:
    return list(post(line_id=line.pk, parts=parts, now=IN_NOVEMBER, by=None))


def all_of(invoice: Invoice, amount: str = "10.71") -> Part:
    return Part(invoice.organization_id, Decimal(amount))


class TestRecording:
    def test_a_line_pays_what_it_names(self, invoice: Invoice) -> None:
        line = a_line(text=f"pays {invoice.number}")

        (payment,) = record(line, all_of(invoice))

        assert (payment.paid_on, payment.reference) == (line.booked_on, f"pays {invoice.number}")
        assert (outstanding(invoice), state(line)) == (NOTHING, "posted")

    def test_what_is_more_stays_on_account(self, invoice: Invoice) -> None:
        line = a_line("15.00")

        (payment,) = record(line, all_of(invoice, "15.00"))

        assert outstanding(invoice) == 0
        assert OnAccount.objects.get(pk=payment.pk).remaining == Decimal("4.29")

    def test_a_line_is_split_among_organizations(self, invoice: Invoice) -> None:
        other = issued_invoice()
        line = a_line("21.42")

        record(line, all_of(invoice), all_of(other))

        assert (outstanding(invoice), outstanding(other), state(line)) == (
            NOTHING,
            NOTHING,
            "posted",
        )

    def test_two_equal_lines_are_two_payments(self, invoice: Invoice) -> None:
        for number in (1, 2):
            record(a_line("5.00", "same", end_to_end=f"E{number}"), all_of(invoice, "5.00"))

        assert outstanding(invoice) == Decimal("0.71")

    def test_parts_must_be_the_whole_line(self, invoice: Invoice) -> None:
        line = a_line()

        with pytest.raises(refusals.NotInFull, match=r"5\.00.*10\.71"):
            record(line, all_of(invoice, "5.00"))

        assert (outstanding(invoice), state(line)) == (Decimal("10.71"), "open")

    def test_a_line_is_recorded_once(self, invoice: Invoice) -> None:
        line = a_line()
        record(line, all_of(invoice))

        with pytest.raises(refusals.NotOpen):
            record(line, all_of(invoice))

    def test_money_that_left_pays_nothing(self, invoice: Invoice) -> None:
        with pytest.raises(refusals.NotReceived):
            record(a_line(mark="DBIT"), all_of(invoice, "-10.71"))

    def test_the_database_refuses_a_line_that_is_not_recorded_in_full(self) -> None:
        line = a_line()

        with pytest.raises(DatabaseError, match="not recorded in full"), transaction.atomic():
            BankLine.objects.filter(pk=line.pk).update(state=LineState.POSTED)


class TestUndoing:
    def test_recorded_payments_are_reversed(self, invoice: Invoice) -> None:
        line = a_line()
        record(line, all_of(invoice))

        undo(line_id=line.pk, now=IN_NOVEMBER, by=None)

        assert (outstanding(invoice), state(line)) == (Decimal("10.71"), "open")
        record(line, all_of(invoice))
        assert outstanding(invoice) == 0

    def test_a_payment_that_is_reversed_by_hand_opens_its_line(self, invoice: Invoice) -> None:
        other = issued_invoice()
        line = a_line("21.42")
        payment, _ = record(line, all_of(invoice), all_of(other))

        reverse_payment(payment_id=payment.pk, reason="", now=IN_NOVEMBER, by=None)

        assert state(line) == "open"
        # The other part is still recorded.
        record(line, all_of(invoice))
        assert (outstanding(invoice), outstanding(other), state(line)) == (
            NOTHING,
            NOTHING,
            "posted",
        )

    def test_an_ignored_line_is_opened(self) -> None:
        line = a_line(mark="DBIT")
        ignore(line_id=line.pk, reason="Fees", now=IN_NOVEMBER, by=None)
        assert state(line) == "ignored"

        undo(line_id=line.pk, now=IN_NOVEMBER, by=None)

        assert state(line) == "open"

    def test_an_open_line_has_nothing_to_undo(self) -> None:
        with pytest.raises(refusals.NotDecided):
            undo(line_id=a_line().pk, now=IN_NOVEMBER, by=None)


class TestTakingBack:
    def test_a_line_reverses_the_payment_of_an_earlier_one(self, invoice: Invoice) -> None:
        first = a_line(text=invoice.number, end_to_end="E1")
        (payment,) = record(first, all_of(invoice))
        back = a_line(end_to_end="E1", mark="DBIT", more="<RvslInd>true</RvslInd>")

        assert list(taken_back(back)) == [payment]
        take_back(line_id=back.pk, payment_id=payment.pk, now=IN_NOVEMBER, by=None)

        assert outstanding(invoice) == Decimal("10.71")
        assert (state(first), state(back)) == ("posted", "posted")

    def test_that_is_not_undone(self, invoice: Invoice) -> None:
        (payment,) = record(a_line(end_to_end="E1"), all_of(invoice))
        back = a_line(end_to_end="E1", mark="DBIT")
        take_back(line_id=back.pk, payment_id=payment.pk, now=IN_NOVEMBER, by=None)

        with pytest.raises(refusals.TakesBack):
            undo(line_id=back.pk, now=IN_NOVEMBER, by=None)

    def test_another_amount_is_refused(self, invoice: Invoice) -> None:
        (payment,) = record(a_line(), all_of(invoice))
        back = a_line("5.00", mark="DBIT")

        with pytest.raises(refusals.NothingTakenBack):
            take_back(line_id=back.pk, payment_id=payment.pk, now=IN_NOVEMBER, by=None)


class TestAutomatically:
    def test_what_is_certain_is_recorded_if_the_account_says_so(self, invoice: Invoice) -> None:
        an_account(posts_certain=True)
        certain, likely = a_line(text=invoice.number), a_line("3.00", invoice.number)

        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        propose(currency="EUR")
        assert post_certain(line_id=certain.pk, now=IN_NOVEMBER)
        assert not post_certain(line_id=likely.pk, now=IN_NOVEMBER)

        assert (state(certain), state(likely)) == ("posted", "open")
        assert outstanding(invoice) == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("posts_certain", "expected"), [(True, "posted"), (False, "open")])
def test_an_upload_is_matched_by_a_job(posts_certain: bool, expected: str) -> None:
    invoice = issued_invoice()
    an_account(posts_certain=posts_certain)
    line = a_line(text=invoice.number)

    run_jobs("bank")

    assert state(line) == expected
    assert line.proposals.exists() != posts_certain
