"""Files are stored whole, and lines once, in whichever format they come."""

from decimal import Decimal

import pytest

from bank.models import BankFile, BankLine
from bank.reading.tests.files import (
    ACCOUNT,
    OTHER,
    amount,
    balance,
    camt,
    entry,
    mt940,
    statement,
)
from bank.reading.values import UnreadableStatementError
from bank.refusals import UnknownAccounts
from bank.tests.factories import DAY, an_account, paid, upload

pytestmark = pytest.mark.django_db

PAYERS = ("FR1420041010050500013M02606", "NL91ABNA0417164300")


@pytest.fixture(autouse=True)
def _account() -> None:
    an_account()


def new_and_known(content: bytes) -> tuple[int, int]:
    (found,) = upload(content).statements.all()
    return found.new, found.known


def test_what_a_file_states_is_stored() -> None:
    parts = (balance("OPBD", "1.00"), balance("CLBD", "11.71"), paid(text="INV-1"))

    (stored,) = upload(camt(statement(*parts))).statements.all()

    (line,) = stored.lines.all()
    assert (stored.opening, stored.closing) == (Decimal("1.00"), Decimal("11.71"))
    assert stored.first_on == line.booked_on
    assert (line.name, line.text, line.state) == ("Muster", "INV-1", "open")


def test_a_file_about_an_unknown_account_is_refused_whole() -> None:
    foreign = statement(paid(), account=f"<IBAN>{OTHER}</IBAN>")

    with pytest.raises(UnknownAccounts, match=OTHER):
        upload(camt(statement(paid()), foreign))

    assert not BankFile.objects.exists()


def test_a_file_in_another_currency_than_its_account_is_refused() -> None:
    block = mt940(opening="C261130USD1,00", closing="C261130USD1,00")

    with pytest.raises(UnknownAccounts, match="USD"):
        upload(block.encode())


def test_a_file_that_does_not_add_up_leaves_nothing() -> None:
    parts = (balance("OPBD", "1.00"), balance("CLBD", "2.00"), paid())

    with pytest.raises(UnreadableStatementError):
        upload(camt(statement(*parts)))

    assert not BankFile.objects.exists()


class TestKnownLines:
    def test_the_same_file_again_adds_nothing(self) -> None:
        content = camt(statement(paid(text="one"), paid(text="two"), paid(text="two")))

        assert new_and_known(content) == (3, 0)
        assert new_and_known(content) == (0, 3)

    def test_a_later_file_adds_what_is_new_of_the_same_day(self) -> None:
        upload(camt(statement(paid(text="one"))))

        assert new_and_known(camt(statement(paid(text="one"), paid(text="two")))) == (1, 1)

    def test_of_equal_lines_so_many_are_known_as_were_stored(self) -> None:
        upload(camt(statement(paid(text="same"))))

        assert new_and_known(camt(statement(paid(text="same"), paid(text="same")))) == (1, 1)

    def test_the_statement_repeats_what_the_notification_told(self) -> None:
        upload(camt(statement(paid(text="one", end_to_end="E1")), version="054.001.04"))

        content = camt(statement(paid(text="one", end_to_end="E1")))
        assert new_and_known(content) == (0, 1)

    def test_another_format_states_the_same_money(self) -> None:
        upload(camt(statement(paid("5.00", "Invoice INV-2026-000031", end_to_end="E2E-1"))))
        text = ":86:166?00GUTSCHRIFT?20EREF+E2E-1?21SVWZ+Invoice INV-2026-00?220031?32Muster"
        block = mt940(":61:2611021102C5,00NTRFNONREF//B-77", text, closing="C261102EUR1005,00")

        assert new_and_known(block.encode()) == (0, 1)

    @pytest.mark.parametrize(
        "other",
        [
            paid("5.01", "one", end_to_end="E1"),
            paid("5.00", "one", end_to_end="E2"),
            paid("5.00", "one", end_to_end="E1", mark="DBIT"),
        ],
    )
    def test_what_differs_is_new(self, other: str) -> None:
        upload(camt(statement(paid("5.00", "one", end_to_end="E1"))))

        assert new_and_known(camt(statement(other))) == (1, 0)

    def test_other_text_is_other_money(self) -> None:
        upload(camt(statement(paid(text="one"))))

        assert new_and_known(camt(statement(paid(text="two")))) == (1, 0)

    @pytest.mark.parametrize("details_first", [True, False])
    def test_an_entry_and_its_details_are_the_same_money(self, details_first: bool) -> None:
        reference = "<AcctSvcrRef>BATCH-1</AcctSvcrRef>"
        parts = (amount("1.00"), amount("2.00"))
        files = [
            camt(statement(entry("3.00", *parts, booked=DAY, more=reference))),
            camt(statement(entry("3.00", booked=DAY, more=reference))),
        ]
        first, second = files if details_first else reversed(files)
        upload(first)

        new, known = new_and_known(second)

        assert (new, known) == (0, 1 if details_first else 2)

    def test_a_line_that_is_equal_is_recognized_before_one_that_is_alike(self) -> None:
        upload(camt(statement(paid(text="INV-1"), paid(text="INV-3"))))

        lines = (paid(text="INV-12"), paid(text="INV-1"), paid(text=""), paid(text="INV-3"))
        assert new_and_known(camt(statement(*lines))) == (2, 2)
        texts = BankLine.objects.order_by("text").values_list("text", flat=True)
        assert list(texts) == ["", "INV-1", "INV-12", "INV-3"]

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (
                {"more": "<AcctSvcrRef>B-1</AcctSvcrRef>"},
                {"more": "<AcctSvcrRef>B-2</AcctSvcrRef>"},
            ),
            ({"account": PAYERS[0]}, {"account": PAYERS[1]}),
            ({"text": "INV-2026-000031"}, {"text": "INV-2026-000032"}),
        ],
    )
    @pytest.mark.parametrize("version", ["053.001.08", "054.001.04"])
    def test_payers_can_repeat_an_end_to_end_id(
        self, one: dict[str, str], other: dict[str, str], version: str
    ) -> None:
        files = [
            camt(statement(paid(end_to_end="RENT", **fields)), version=version)
            for fields in (one, other)
        ]

        assert [new_and_known(each) for each in files] == [(1, 0), (1, 0)]

        both = camt(statement(*(paid(end_to_end="RENT", **each) for each in (one, other))))
        assert new_and_known(both) == (0, 2)

    def test_payers_of_other_accounts_repeat_an_id_in_another_format(self) -> None:
        upload(camt(statement(paid("5.00", end_to_end="RENT", account=PAYERS[0]))))
        text = f":86:166?00GUTSCHRIFT?20EREF+RENT?31{PAYERS[1]}"
        block = mt940(":61:2611021102C5,00NTRFNONREF", text, closing="C261102EUR1005,00")

        assert new_and_known(block.encode()) == (1, 0)

    def test_a_statement_can_have_other_references_than_the_notification(self) -> None:
        first, second = (
            paid(text="one", end_to_end="E1", more=f"<AcctSvcrRef>{each}</AcctSvcrRef>")
            for each in ("N-1", "S-1")
        )
        upload(camt(statement(first), version="054.001.04"))

        assert new_and_known(camt(statement(second))) == (0, 1)

    def test_the_number_of_an_entry_within_its_file_says_nothing(self) -> None:
        number = "<NtryRef>1</NtryRef>"
        upload(camt(statement(paid(text="one", end_to_end="E1", more=number))))

        lines = [
            paid(text="two", end_to_end="E2", more=number),
            paid(text="one", end_to_end="E1", more="<NtryRef>2</NtryRef>"),
        ]
        assert new_and_known(camt(statement(*lines))) == (1, 1)

    def test_a_part_of_an_entry_is_not_taken_for_a_payment_without_text(self) -> None:
        reference = "<AcctSvcrRef>BATCH-1</AcctSvcrRef>"
        parts = (amount("1.00"), amount("2.00"))
        upload(camt(statement(entry("3.00", *parts, booked=DAY, more=reference))))

        lines = [paid("1.00"), entry("3.00", booked=DAY, more=reference)]
        assert new_and_known(camt(statement(*lines))) == (1, 1)

    def test_an_entry_without_details_is_the_one_with_the_text_of_its_payer(self) -> None:
        reference = "<AcctSvcrRef>B-1</AcctSvcrRef>"
        upload(camt(statement(paid(text="one", end_to_end="E1", more=reference))))
        text = "<AddtlNtryInf>Credit transfer</AddtlNtryInf>"

        content = camt(statement(*[entry("10.71", booked=DAY, more=reference + text)] * 2))
        assert new_and_known(content) == (1, 1)

    def test_what_is_too_long_to_be_stored_is_recognized(self) -> None:
        content = camt(statement(paid(end_to_end="E" * 201)))

        assert new_and_known(content) == (1, 0)
        assert new_and_known(content) == (0, 1)

    def test_the_lines_of_another_account_are_other_money(self) -> None:
        an_account(number=OTHER)
        upload(camt(statement(paid(text="one"))))

        content = camt(statement(paid(text="one"), account=f"<IBAN>{OTHER}</IBAN>"))

        assert new_and_known(content) == (1, 0)
        assert {each.account.number for each in BankLine.objects.all()} == {ACCOUNT, OTHER}
