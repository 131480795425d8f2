"""camt.053 and camt.054: details, signs, statuses, balances, references, and what is refused.

What is tested was seen in 70 real files of versions 02 to 08, or stands in the message definition
reports of ISO 20022.
"""

from datetime import date
from decimal import Decimal

import pytest

from bank.reading.camt import is_camt, read_camt
from bank.reading.tests.files import ACCOUNT, OTHER, amount, balance, camt, entry, statement
from bank.reading.values import Line, UnreadableStatementError


def lines(*parts: str, version: str = "053.001.08") -> list[Line]:
    (found,) = read_camt(camt(statement(*parts), version=version))
    return list(found.lines)


def amounts(*parts: str) -> list[str]:
    return [str(each.amount) for each in lines(*parts)]


@pytest.mark.parametrize("version", [f"053.001.{number:02}" for number in range(1, 14)])
def test_every_version_is_read(version: str) -> None:
    content = camt(statement(entry("21.42")), version=version)

    assert is_camt(content)
    (found,) = read_camt(content)
    assert (found.account, found.currency, found.number) == (ACCOUNT, "EUR", "1")
    assert [(each.amount, each.booked_on) for each in found.lines] == [
        (Decimal("21.42"), date(2026, 12, 1))
    ]


class TestDetails:
    def test_credits_and_debits_that_an_entry_nets_have_their_own_signs(self) -> None:
        parts = (amount("30.00", mark="CRDT"), amount("8.58", mark="DBIT"))

        assert amounts(entry("21.42", *parts)) == ["30.00", "-8.58"]

    def test_a_detail_without_direction_has_that_of_its_entry(self) -> None:
        assert amounts(entry("3.00", amount("1.00"), amount("2.00"), mark="DBIT")) == [
            "-1.00",
            "-2.00",
        ]

    def test_the_transaction_amount_counts_if_a_detail_states_none_itself(self) -> None:
        def detail(value: str) -> str:
            return (
                f"<AmtDtls><InstdAmt>{amount('99.00')}</InstdAmt>"
                f"<TxAmt>{amount(value)}</TxAmt></AmtDtls>"
            )

        assert amounts(entry("3.00", detail("1.00"), detail("2.00"))) == ["1.00", "2.00"]

    def test_an_instructed_amount_never_counts(self) -> None:
        detail = f"<AmtDtls><InstdAmt>{amount('25.00', 'USD')}</InstdAmt></AmtDtls>"

        (line,) = lines(entry("21.42", detail))

        assert (line.amount, line.instructed, line.in_doubt) == (
            Decimal("21.42"),
            "25.00 USD",
            False,
        )

    @pytest.mark.parametrize(
        "details",
        [
            (amount("1.00"), amount("1.50")),
            (amount("1.00"), "<Refs/>"),
            (amount("2.50"),),
            (amount("1.00", "USD"), amount("2.00")),
        ],
    )
    def test_details_that_do_not_add_up_leave_one_line_in_doubt(
        self, details: tuple[str, ...]
    ) -> None:
        (line,) = lines(entry("3.00", *details))

        assert (line.amount, line.in_doubt) == (Decimal("3.00"), True)

    def test_details_in_several_batches_belong_to_one_entry(self) -> None:
        batches = "".join(
            f"<NtryDtls><TxDtls>{amount(each)}</TxDtls></NtryDtls>" for each in ("1.00", "2.00")
        )

        assert amounts(entry("3.00", more=batches)) == ["1.00", "2.00"]


class TestEntries:
    def test_a_reversal_takes_back_a_credit_and_names_its_payer(self) -> None:
        detail = (
            "<RltdPties><Dbtr><Nm>Muster</Nm></Dbtr><Cdtr><Nm>We</Nm></Cdtr></RltdPties>"
            "<RtrInf><Rsn><Cd>AM04</Cd></Rsn></RtrInf>"
        )

        (line,) = lines(entry("5.00", detail, mark="DBIT", more="<RvslInd>true</RvslInd>"))

        assert (line.amount, line.is_reversal) == (Decimal("-5.00"), True)
        assert (line.name, line.reason) == ("Muster", "AM04")

    @pytest.mark.parametrize(
        ("status", "is_booked"),
        [
            ("<Sts>BOOK</Sts>", True),
            ("<Sts><Cd>BOOK</Cd></Sts>", True),
            ("", True),
            ("<Sts>PDNG</Sts>", False),
            ("<Sts><Cd>PDNG</Cd></Sts>", False),
            ("<Sts>INFO</Sts>", False),
            ("<Sts><Cd>FUTR</Cd></Sts>", False),
        ],
    )
    def test_only_what_is_booked_is_read(self, status: str, is_booked: bool) -> None:
        (found,) = read_camt(camt(statement(entry("1.00", status=status))))

        assert (len(found.lines), found.not_booked) == (int(is_booked), int(not is_booked))

    @pytest.mark.parametrize(
        "booked",
        [
            "<BookgDt><DtTm>2026-12-01T23:30:00-05:00</DtTm></BookgDt>",
            "<BookgDt><Dt>2026-12-01+03:00</Dt></BookgDt>",
            "<ValDt><Dt>2026-12-01</Dt></ValDt>",
        ],
    )
    def test_its_day_is_the_one_that_the_bank_wrote(self, booked: str) -> None:
        assert [each.booked_on for each in lines(entry("1.00", booked=booked))] == [
            date(2026, 12, 1)
        ]


class TestPartiesAndTexts:
    @pytest.mark.parametrize(
        "inside", ["<Nm>Müller &amp; Söhne</Nm>", "<Pty><Nm>Müller &amp; Söhne</Nm></Pty>"]
    )
    def test_names_stand_in_two_places(self, inside: str) -> None:
        detail = (
            f"<RltdPties><Dbtr>{inside}</Dbtr><DbtrAcct><Id><IBAN>{OTHER}</IBAN></Id></DbtrAcct>"
            "</RltdPties>"
        )

        (line,) = lines(entry("1.00", detail))

        assert (line.name, line.account) == ("Müller & Söhne", OTHER)

    def test_an_account_need_not_have_an_iban(self) -> None:
        account = "<Othr><Id>00 1234-5</Id></Othr>"

        (found,) = read_camt(camt(statement(entry("1.00"), account=account)))

        assert found.account == "001234-5"

    def test_a_text_that_breaks_when_full_is_joined_within_a_number(self) -> None:
        first = "x" * 126 + " INV-2026-0000"
        texts = f"<RmtInf><Ustrd>{first}</Ustrd><Ustrd>31 thanks</Ustrd><Ustrd>bye</Ustrd></RmtInf>"

        (line,) = lines(entry("1.00", texts))

        assert len(first) == 140
        assert line.text.endswith("INV-2026-000031 thanks bye")

    def test_several_structured_references_stand_beside_a_text(self) -> None:
        def structured(reference: str) -> str:
            return f"<Strd><CdtrRefInf><Ref>{reference}</Ref></CdtrRefInf></Strd>"

        inside = (
            "<RmtInf><Ustrd>Thanks</Ustrd>"
            f"{structured('RF18 5390 0754 7034')}{structured('+++090/9337/55493+++')}"
            "<Strd><RfrdDocInf><Nb>INV-2026-000031</Nb></RfrdDocInf>"
            "<AddtlRmtInf>and more</AddtlRmtInf></Strd></RmtInf>"
        )

        (line,) = lines(entry("1.00", inside))

        assert line.references == ("RF18539007547034", "+++090/9337/55493+++", "INV-2026-000031")
        assert line.text == "Thanks and more"

    def test_what_says_that_there_is_no_reference_is_none(self) -> None:
        (line,) = lines(entry("1.00", "<Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>"))

        assert line.end_to_end_id == ""

    def test_an_entry_without_details_has_its_own_text_and_reference(self) -> None:
        more = "<AcctSvcrRef>B-1</AcctSvcrRef><AddtlNtryInf>Account  fees</AddtlNtryInf>"

        (line,) = lines(entry("1.00", mark="DBIT", more=more))

        assert (line.text, line.bank_reference) == ("Account fees", "B-1")


class TestBalances:
    def test_lines_lead_from_the_opening_to_the_closing_balance(self) -> None:
        parts = (balance("OPBD", "10.00", "DBIT"), balance("CLBD", "11.42"), entry("21.42"))

        (found,) = read_camt(camt(statement(*parts)))

        assert (found.opening, found.closing) == (Decimal("-10.00"), Decimal("11.42"))

    def test_a_file_that_does_not_add_up_is_refused(self) -> None:
        parts = (balance("PRCD", "10.00"), balance("CLBD", "31.41"), entry("21.42"))

        with pytest.raises(UnreadableStatementError, match="does not add up"):
            read_camt(camt(statement(*parts)))

    def test_pages_of_a_statement_each_add_up(self) -> None:
        first = (balance("OPBD", "10.00"), balance("ITBD", "11.00"), entry("1.00"))
        middle = (balance("ITBD", "11.00"), balance("ITBD", "13.00"), entry("2.00"))
        last = (balance("ITBD", "13.00"), balance("CLBD", "16.00"), entry("3.00"))

        found = read_camt(camt(*(statement(*each) for each in (first, middle, last))))

        assert [(str(each.opening), str(each.closing)) for each in found] == [
            ("10.00", "11.00"),
            ("11.00", "13.00"),
            ("13.00", "16.00"),
        ]

    def test_balances_of_other_kinds_mean_nothing(self) -> None:
        parts = (balance("OPBD", "10.00"), balance("CLAV", "5.00"), entry("1.00"))

        (found,) = read_camt(camt(statement(*parts)))

        assert (found.opening, found.closing) == (Decimal("10.00"), None)


class TestFiles:
    def test_prefixes_of_namespaces_and_envelopes_mean_nothing(self) -> None:
        inner = camt(statement(entry("1.00"))).split(b"?>", 1)[1].decode()
        prefixed = (
            inner.replace("</", "<:/").replace("<", "<c:").replace("<c::/", "</c:")
        ).replace("xmlns=", "xmlns:c=")

        (found,) = read_camt(f"<Envelope>{prefixed}</Envelope>".encode())

        assert [str(each.amount) for each in found.lines] == ["1.00"]

    def test_a_file_states_several_accounts(self) -> None:
        second = statement(entry("2.00"), account=f"<IBAN>{OTHER}</IBAN>")

        found = read_camt(camt(statement(entry("1.00")), second))

        assert [each.account for each in found] == [ACCOUNT, OTHER]

    def test_a_notification_states_money_without_balances(self) -> None:
        assert [each.amount for each in lines(entry("1.00"), version="054.001.04")] == [1]

    def test_a_report_of_the_day_so_far_is_refused(self) -> None:
        content = b"<Document><BkToCstmrAcctRpt><Rpt/></BkToCstmrAcctRpt></Document>"

        assert is_camt(content)
        with pytest.raises(UnreadableStatementError, match=r"camt\.052.*camt\.053"):
            read_camt(content)

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (camt(statement(entry("1.00")))[:-30], "not complete XML"),
            (camt(), "no statement"),
            (camt(statement(entry("1.00"), account="")), "names no account"),
            (camt(statement(entry("1,00"))), "“1,00” is not an amount"),
            (camt(statement(entry("1.00", mark=""))), "neither a credit nor a debit"),
            (camt(statement(entry("1.00", booked=""))), "no date"),
            (camt(statement(entry("1.00", booked="<ValDt><Dt>12/01</Dt></ValDt>"))), "not a date"),
            (camt(statement(entry("1.00", booked="<ValDt><Dt>0001-12-01</Dt></ValDt>"))), "a date"),
            (camt(statement(entry("1.00", currency="USD"))), "several currencies"),
            (b"<!DOCTYPE a><a><BkToCstmrStmt/></a>", "document type declaration"),
        ],
    )
    def test_what_is_wrong_with_a_file_is_said(self, content: bytes, reason: str) -> None:
        with pytest.raises(UnreadableStatementError, match=reason):
            read_camt(content)


BATCH = "<Btch><MsgId>M-1</MsgId><PmtInfId>P-1</PmtInfId></Btch>"


@pytest.mark.parametrize(
    ("details", "references"),
    [
        (BATCH, ("P-1", "M-1")),
        # One detail for all that was collected.
        (f"{BATCH}<TxDtls>{amount('32.13')}</TxDtls>", ("P-1", "M-1")),
        (
            f"<TxDtls><Refs><PmtInfId>P-1</PmtInfId></Refs>{amount('32.13')}</TxDtls>",
            ("P-1",),
        ),
        # What one payer paid is named by that, whatever order it was part of.
        (
            f"{BATCH}<TxDtls><Refs><EndToEndId>E-1</EndToEndId></Refs>{amount('32.13')}</TxDtls>",
            (),
        ),
    ],
)
def test_a_sum_that_was_collected_names_its_order(
    details: str, references: tuple[str, ...]
) -> None:
    booked = entry("32.13").replace("</Ntry>", f"<NtryDtls>{details}</NtryDtls></Ntry>")
    (line,) = lines(booked)
    assert line.references == references
