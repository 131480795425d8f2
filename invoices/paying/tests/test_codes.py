"""Payment codes say what the standards prescribe, and a reader finds exactly that in them."""

from dataclasses import replace
from decimal import Decimal
from urllib.parse import unquote

import pytest
import zxingcpp

from invoices.paying.codes import code_for, drawn
from invoices.paying.epc import MOST_BYTES
from invoices.paying.swiss import slip
from invoices.paying.tests.transfers import (
    BELGIAN,
    BRITISH,
    CZECH,
    FINNISH,
    GERMAN,
    NORWEGIAN,
    NUMBER,
    PAYEE,
    PAYER,
    SWISS,
    SWISS_QR,
    a_russian_transfer,
    a_transfer,
)
from invoices.paying.transfer import PaymentCode, Scheme, Transfer
from tests.barcodes import code_in_svg

CYRILLIC = "Общество для наблюдения за чужими дворами «Наблюдение и что-нибудь ещё»"


def code(transfer: Transfer) -> PaymentCode:
    found = code_for(transfer)
    assert found is not None
    return found


def lines(transfer: Transfer) -> list[str]:
    return code(transfer).text.split("\n")


@pytest.mark.parametrize(
    "transfer",
    [
        a_transfer(),
        a_transfer(BELGIAN),
        a_transfer(FINNISH),
        a_transfer(NORWEGIAN),
        a_transfer(payee=replace(PAYEE, name=CYRILLIC)),
        a_transfer(payee=replace(PAYEE, name="Überwachung – 50 € & Söhne")),
        a_transfer(payee=replace(PAYEE, name="監視カメラ" * 14)),
        a_transfer(SWISS),
        a_transfer(SWISS_QR, currency="CHF"),
        a_russian_transfer(),
        a_russian_transfer(payee=replace(PAYEE, name=CYRILLIC * 3), purpose=CYRILLIC * 3),
        a_transfer(CZECH, currency="CZK", payee=replace(PAYEE, name="Dohled * 100% Příbram")),
    ],
)
def test_a_reader_finds_what_was_written(transfer: Transfer) -> None:
    written = code(transfer)

    read = code_in_svg(drawn(written))

    assert read.bytes.decode(written.encoding) == written.text
    assert read.format == zxingcpp.QRCode
    assert read.ec_level == "M"
    # Without a mark of the character set, which some apps do not understand.
    assert read.symbology_identifier == "]Q1"


class TestEpc:
    def test_the_lines_are_in_the_order_of_the_standard(self) -> None:
        assert lines(a_transfer(bic="BYLADEM1001")) == [
            *("BCD", "002", "1", "SCT"),
            *("BYLADEM1001", "Watchful AG", GERMAN, "EUR55.41"),
            *("", "RF98INV2026000123", "", NUMBER),
        ]

    @pytest.mark.parametrize(
        ("account", "reference", "text"),
        [
            (GERMAN, "RF98INV2026000123", ""),
            (FINNISH, "RF461000000001231", ""),
            (BELGIAN, "", "+++000/0000/12326+++"),
            (NORWEGIAN, "", "1000000001239"),
        ],
    )
    def test_a_reference_and_a_text_exclude_each_other(
        self, account: str, reference: str, text: str
    ) -> None:
        assert lines(a_transfer(account))[9:11] == [reference, text]

    @pytest.mark.parametrize("name", [CYRILLIC, "監視カメラ" * 14, "😀" * 70, "W" * 200, "a\nb"])
    def test_a_long_name_is_cut_off_so_that_the_code_holds_it(self, name: str) -> None:
        found = code(a_transfer(payee=replace(PAYEE, name=name)))

        assert len(found.text.encode()) <= MOST_BYTES
        stated = found.text.split("\n")
        assert len(stated) == 12
        assert stated[5]
        assert name.replace("\n", " ").startswith(stated[5])
        assert len(stated[5]) <= 70

    @pytest.mark.parametrize(
        "transfer",
        [
            a_transfer(currency="USD"),
            a_transfer("40817810099910004312"),
            # Brazil has IBANs, but does not take part.
            a_transfer("BR1500000000000010932840814P2", bic="BRASBRRJ"),
            # Outside of the European Economic Area, the BIC is mandatory.
            a_transfer(BRITISH),
            a_transfer(amount=Decimal("1000000000")),
            a_transfer(amount=Decimal("0.005")),
        ],
    )
    def test_other_transfers_have_no_code(self, transfer: Transfer) -> None:
        assert code_for(transfer) is None

    def test_outside_of_the_economic_area_there_is_a_code_with_a_bic(self) -> None:
        assert code(a_transfer(BRITISH, bic="NWBKGB2L")).scheme is Scheme.EPC


class TestSwiss:
    def test_a_qr_bill_has_34_lines_with_the_end_in_line_31(self) -> None:
        stated = lines(a_transfer(SWISS_QR, currency="CHF", payee=replace(PAYEE, name="A\nB")))

        assert len(stated) == 34
        assert stated[:7] == ["SPC", "0200", "1", SWISS_QR, "S", "A B", "Hafenstrasse 1"]
        assert stated[18:20] == ["55.41", "CHF"]
        assert stated[27:31] == ["QRR", "0" * 23 + "1236", NUMBER, "EPD"]

    @pytest.mark.parametrize(
        ("account", "kind"), [(SWISS, "SCOR"), (SWISS_QR, "QRR"), ("LI21088100002324013AA", "SCOR")]
    )
    def test_the_account_decides_the_kind_of_reference(self, account: str, kind: str) -> None:
        transfer = a_transfer(account, currency="CHF")

        assert lines(transfer)[27:29] == [kind, transfer.reference.text]

    @pytest.mark.parametrize(
        "payer",
        [
            replace(PAYER, name="Маяк"),
            replace(PAYER, postal_code=""),
            replace(PAYER, city=""),
            replace(PAYER, country=""),
        ],
    )
    def test_an_address_that_it_cannot_state_is_left_blank(self, payer: object) -> None:
        transfer = a_transfer(SWISS, payer=payer)

        assert lines(transfer)[20:27] == [""] * 7
        shown = slip(transfer, "ru")
        assert shown is not None
        assert shown["payer"] == []

    @pytest.mark.parametrize(
        "transfer",
        [
            a_transfer(SWISS, currency="USD"),
            a_transfer(SWISS, currency="CHF", payee=replace(PAYEE, postal_code="")),
            a_transfer(SWISS, currency="CHF", payee=replace(PAYEE, name="Маяк")),
            a_transfer(GERMAN, currency="CHF"),
        ],
    )
    def test_other_transfers_have_none(self, transfer: Transfer) -> None:
        assert code_for(transfer) is None
        assert slip(transfer, "en") is None

    def test_the_payment_part_states_the_same(self) -> None:
        shown = slip(a_transfer(SWISS_QR, currency="CHF", amount=Decimal("1234.50")), "ru")

        assert shown is not None
        assert shown["headings"]["payment_part"] == "Payment part"
        assert shown["amount"] == "1 234.50"
        assert shown["reference"] == "00 00000 00000 00000 00000 01236"
        assert shown["payer"] == ["Hôtel du Phare SARL", "1 rue de la Mer", "FR-13001 Marseille"]
        assert shown["payee_on_receipt"] == ["Watchful AG", "8001 Zürich"]


class TestGost:
    def test_the_values_that_are_mandatory_come_first(self) -> None:
        assert code(a_russian_transfer()).text == (
            "ST00012|Name=Watchful AG|PersonalAcc=44444444444444444444|BankName=Волга"
            "|BIC=049805746|CorrespAcc=30101810800000000746|Sum=5541"
            "|Purpose=Оплата счёта INV-2026-000123|PayeeINN=7701234567"
        )

    def test_a_tax_id_with_a_kpp_is_stated_in_its_parts(self) -> None:
        text = code(a_russian_transfer(tax_id="7701234567/770101001")).text

        assert text.endswith("|PayeeINN=7701234567|KPP=770101001")

    def test_a_value_with_the_separator_takes_another_separator(self) -> None:
        text = code(a_russian_transfer(payee=replace(PAYEE, name="A|B~C"))).text

        assert text.startswith("ST00012^Name=A|B~C^PersonalAcc=")

    def test_values_are_cut_off_at_the_lengths_of_the_standard(self) -> None:
        long = a_russian_transfer(payee=replace(PAYEE, name=CYRILLIC * 5), purpose=CYRILLIC * 5)
        values = dict(each.split("=", 1) for each in code(long).text.split("|")[1:])

        assert (len(values["Name"]), len(values["Purpose"])) == (160, 210)

    @pytest.mark.parametrize(
        "values",
        [
            {"currency": "EUR"},
            {"correspondent": ""},
            {"bank": ""},
            {"bic": "BYLADEM1001"},
            {"amount": Decimal("0.001")},
            {"account": "40602810"},
        ],
    )
    def test_other_transfers_have_none(self, values: dict[str, object]) -> None:
        assert code_for(replace(a_russian_transfer(), **values)) is None  # type: ignore[arg-type]


class TestSpayd:
    def test_an_asterisk_does_not_end_a_value(self) -> None:
        payee = replace(PAYEE, name="Dohled * 100% Příbram")
        text = code(a_transfer(CZECH, currency="CZK", bic="GIBACZPX", payee=payee)).text

        assert text.split("*") == [
            *("SPD", "1.0", f"ACC:{CZECH}+GIBACZPX", "AM:55.41", "CC:CZK", "DT:20261117"),
            f"MSG:Payment of invoice {NUMBER}",
            "RN:Dohled %2A 100%25 P%C5%99%C3%ADbram",
        ]
        assert unquote(text.rpartition("RN:")[2]) == payee.name

    @pytest.mark.parametrize(
        "transfer",
        [
            a_transfer(CZECH, currency="PLN"),
            a_transfer(GERMAN, currency="CZK"),
            a_transfer(CZECH, currency="CZK", amount=Decimal(10**7)),
        ],
    )
    def test_other_transfers_have_none(self, transfer: Transfer) -> None:
        assert code_for(transfer) is None
