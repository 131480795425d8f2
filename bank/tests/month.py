"""A provider's month of 500 movements, and the file that a bank would give of it in each format.

The movements are the same each time: payments that name one invoice or two, in whatever spelling,
by reference, in batches; payments with wrong references, of a part, in another currency, for two
organizations; the same payment twice; returned payments, fees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from bank.models import BankAccount, CsvLayout
from bank.reading.tests.files import camt, one_c, statement
from bank.tests.factories import an_account
from invoices.models import Invoice
from invoices.paying.references import reference_for
from invoices.tests.factories import OCTOBER, SEPTEMBER, BilledUseFactory, issued_invoice
from tariffs.tests.factories import TariffPriceFactory

# Digits 6 to 8 mean euros in 1C files.
ACCOUNT = "40702978900000000001"
OPENING = Decimal("1000.00")
MOVEMENTS, ORGANIZATIONS = 500, 120
HEADINGS = {"date": "day", "amount": "sum", "text": "details", "name": "payer", "balance": "saldo"}


@dataclass(frozen=True, slots=True)
class Movement:
    """What the bank books on a day of November 2026, and the invoices that it certainly pays.

    Movements with the same `batch`, which is above 0, are one entry in camt.
    """

    day: int
    amount: Decimal
    text: str
    name: str = "Muster"
    reference: str = ""
    instructed: str = ""
    is_reversal: bool = False
    batch: int = 0
    pays: tuple[int, ...] = ()

    @property
    def booked_on(self) -> date:
        """The day."""
        return date(2026, 11, self.day)

    @property
    def whole_text(self) -> str:
        """The text of formats that have no field for a reference."""
        return f"{self.text} {self.reference}".strip()


def invoices() -> list[tuple[Invoice, Invoice]]:
    """Issue invoices for September and October to many organizations; each has its own price."""
    pairs = []
    for number in range(ORGANIZATIONS):
        price = TariffPriceFactory.create(amount=Decimal(9) + Decimal(number) / 10)
        organization = BilledUseFactory.create(tariff=price.tariff).organization
        september, october = (issued_invoice(organization, each) for each in (SEPTEMBER, OCTOBER))
        pairs.append((september, october))
    return pairs


def unsaved_invoices() -> list[tuple[Invoice, Invoice]]:
    """Return invoices that nobody has issued, for tests of files alone."""

    def invoice(number: int) -> Invoice:
        return Invoice(
            pk=number,
            number=f"INV-2026-{number:06}",
            total=Decimal(10) + Decimal(number) / 10,
            account={"number": "DE02120300000000202051"},
        )

    return [(invoice(2 * each), invoice(2 * each + 1)) for each in range(1, ORGANIZATIONS + 1)]


def movements(pairs: Sequence[tuple[Invoice, Invoice]]) -> list[Movement]:
    """Return the movements of the month, in the order in which the bank books them."""
    made = [each for kind in _KINDS for each in kind(pairs)]
    made += _others(MOVEMENTS - len(made))
    return sorted(made, key=lambda each: (each.day, each.batch))


def _day(number: int) -> int:
    return 2 + number % 27


def _by_number(pairs: Sequence[tuple[Invoice, Invoice]]) -> Iterator[Movement]:
    spellings: Sequence[Callable[[str], str]] = (
        lambda number: f"Invoice {number}, thanks",
        lambda number: number.replace("-", " ").lower(),
        lambda number: f"pays {number.replace('-', '')}",
        lambda number: f"{number[:9]} {number[9:]}",
    )
    for place, (_september, october) in enumerate(pairs[:90]):
        text = spellings[place % len(spellings)](october.number)
        yield Movement(_day(place), october.total, text, f"Payer {place}", pays=(october.pk,))
        # The first are taken back a day later.
        if place < 20:
            text = f"Return of {text}"
            yield Movement(_day(place) + 1, -october.total, text, is_reversal=True)


def _two_at_once(pairs: Sequence[tuple[Invoice, Invoice]]) -> Iterator[Movement]:
    for place, pair in enumerate(pairs[90:]):
        text = " and ".join(each.number for each in pair)
        total = sum((each.total for each in pair), Decimal(0))
        yield Movement(_day(place), total, text, pays=tuple(each.pk for each in pair))


def _by_reference(pairs: Sequence[tuple[Invoice, Invoice]]) -> Iterator[Movement]:
    for place, (september, _october) in enumerate(pairs[:30]):
        reference = reference_for(
            number=september.number, key=september.pk, account=september.account["number"]
        )
        yield Movement(
            _day(place), september.total, "", reference=reference.text, pays=(september.pk,)
        )


def _in_batches(pairs: Sequence[tuple[Invoice, Invoice]]) -> Iterator[Movement]:
    for place, (september, _october) in enumerate(pairs[30:50]):
        batch = 1 + place // 5
        text = f"{september.number} of batch {batch}"
        yield Movement(_day(batch), september.total, text, batch=batch, pays=(september.pk,))
        if place % 5 == 0:
            # The bank nets what it keeps for the batch.
            yield Movement(_day(batch), Decimal("-0.35"), f"Fee of batch {batch}", batch=batch)


def _not_certain(pairs: Sequence[tuple[Invoice, Invoice]]) -> Iterator[Movement]:
    for place, (september, _october) in enumerate(pairs[50:60]):
        wrong = september.number.replace("-2026-", "-2062-")
        yield Movement(_day(place), september.total, f"Invoice {wrong}")
    for place, (september, _october) in enumerate(pairs[60:75]):
        yield Movement(_day(place), september.total - Decimal("0.50"), september.number)
    for place, (september, _october) in enumerate(pairs[75:90]):
        amount, ordered = september.total - Decimal("1.17"), f"{september.total:.2f} USD"
        yield Movement(_day(place), amount, september.number, instructed=ordered)
    for place, (one, other) in enumerate(zip(pairs[50:60], pairs[60:70], strict=True)):
        text = f"{one[0].number} {other[0].number}"
        yield Movement(_day(place), one[0].total + other[0].total, text)
    for place, (september, _october) in enumerate(pairs[70:80]):
        half = (september.total / 2).quantize(Decimal("0.01")) - Decimal("0.01")
        yield Movement(_day(place), half, f"first part of {september.number}")
        yield Movement(_day(place) + 1, half, f"second part of {september.number}")


def _others(number: int) -> Iterator[Movement]:
    for place in range(10):
        for _ in range(2):
            yield Movement(_day(place), Decimal("4.44"), f"the same {place}", "Twice")
    for place in range(60):
        yield Movement(_day(place), Decimal("-1.05") - place, f"Fee number {place}", "Bank")
    for place in range(number - 80):
        yield Movement(_day(place), Decimal("3.33") + place, f"thanks {place}", f"Someone {place}")


_KINDS = (_by_number, _two_at_once, _by_reference, _in_batches, _not_certain)


def closing(month: Sequence[Movement]) -> Decimal:
    """Return the balance after the month."""
    return OPENING + sum((each.amount for each in month), Decimal(0))


# --- Files ----------------------------------------------------------------------------------------


def as_camt(month: Sequence[Movement]) -> bytes:
    """Return a camt.053, in which a batch is one entry with its net amount."""
    entries = []
    for batch, group in groupby(month, key=lambda each: (each.day, each.batch)):
        parts = list(group)
        entries += [_entry(parts)] if batch[1] else [_entry([each]) for each in parts]
    return camt(
        statement(
            _balance("OPBD", OPENING),
            _balance("CLBD", closing(month)),
            *entries,
            account=f"<Othr><Id>{ACCOUNT}</Id></Othr>",
        )
    )


def _balance(kind: str, amount: Decimal) -> str:
    code = f"<Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>"
    return f"<Bal>{code}{_signed(amount)}<Dt><Dt>2026-11-30</Dt></Dt></Bal>"


def _signed(amount: Decimal) -> str:
    mark = "CRDT" if amount >= 0 else "DBIT"
    return f'<Amt Ccy="EUR">{abs(amount):.2f}</Amt><CdtDbtInd>{mark}</CdtDbtInd>'


def _entry(parts: Sequence[Movement]) -> str:
    net, some = sum((each.amount for each in parts), Decimal(0)), parts[0]
    reversal = "<RvslInd>true</RvslInd>" if some.is_reversal else ""
    details = "".join(f"<TxDtls>{_detail(each)}</TxDtls>" for each in parts)
    return (
        f"<Ntry>{_signed(net)}{reversal}<Sts><Cd>BOOK</Cd></Sts>"
        f"<BookgDt><Dt>{some.booked_on}</Dt></BookgDt><NtryDtls>{details}</NtryDtls></Ntry>"
    )


def _detail(each: Movement) -> str:
    ordered = ""
    if each.instructed:
        amount, currency = each.instructed.split()
        ordered = (
            f'<AmtDtls><InstdAmt><Amt Ccy="{currency}">{amount}</Amt></InstdAmt>'
            f'<TxAmt><Amt Ccy="EUR">{each.amount:.2f}</Amt></TxAmt></AmtDtls>'
        )
    structured = (
        f"<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp><Ref>{each.reference}"
        "</Ref></CdtrRefInf></Strd>"
        if each.reference
        else ""
    )
    text = f"<Ustrd>{each.text}</Ustrd>" if each.text else ""
    party = "Dbtr" if each.amount > 0 else "Cdtr"
    return (
        f"{_signed(each.amount)}{ordered}<RltdPties><{party}><Nm>{each.name}</Nm></{party}>"
        f"</RltdPties><RmtInf>{text}{structured}</RmtInf>"
    )


def as_mt940(month: Sequence[Movement]) -> bytes:
    """Return an MT940 in the German dialect. A returned payment has the mark RC."""
    rows = [":20:STARTUMSE", f":25:{ACCOUNT}", ":28C:00011/001", f":60F:{_mark(OPENING, '261101')}"]
    for number, each in enumerate(month):
        mark = "RC" if each.is_reversal else "C" if each.amount > 0 else "D"
        amount = f"{abs(each.amount):.2f}".replace(".", ",")
        rows.append(f":61:2611{each.day:02}11{each.day:02}{mark}{amount}NTRFNONREF//B{number}")
        text = f"SVWZ+{each.whole_text}"
        parts = [text[at : at + 27] for at in range(0, len(text), 27)]
        fields = "".join(f"?{20 + place}{part}" for place, part in enumerate(parts))
        rows.append(f":86:166?00GUTSCHRIFT{fields}?32{each.name}")
    return "\r\n".join([*rows, f":62F:{_mark(closing(month), '261130')}", "-", ""]).encode()


def _mark(amount: Decimal, day: str) -> str:
    return f"{'C' if amount >= 0 else 'D'}{day}EUR{abs(amount):.2f}".replace(".", ",")


def as_ofx(month: Sequence[Movement]) -> bytes:
    """Return an OFX 1, in which the bank repeats one FITID."""
    rows = "".join(
        f"<STMTTRN><TRNTYPE>OTHER<DTPOSTED>202611{each.day:02}120000[-5:EST]<TRNAMT>{each.amount:.2f}"
        f"<FITID>1<NAME>{each.name}<MEMO>{each.whole_text}</STMTTRN>"
        for each in month
    )
    return (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:UTF-8\nCHARSET:NONE\n"
        "COMPRESSION:NONE\nOLDFILEUID:NONE\nNEWFILEUID:NONE\n\n"
        "<OFX><BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STMTRS>"
        f"<CURDEF>EUR<BANKACCTFROM><BANKID>1<ACCTID>{ACCOUNT}<ACCTTYPE>CHECKING</BANKACCTFROM>"
        f"<BANKTRANLIST><DTSTART>20261101<DTEND>20261130{rows}</BANKTRANLIST>"
        f"<LEDGERBAL><BALAMT>{closing(month):.2f}<DTASOF>20261130</LEDGERBAL>"
        "</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    ).encode()


def as_one_c(month: Sequence[Movement]) -> bytes:
    """Return a file for 1C in DOS encoding, with both directions in one list."""
    other = "40702978500000000002"
    documents = []
    for number, each in enumerate(month):
        payer, payee, role, day = (
            (other, ACCOUNT, "Плательщик", "ДатаПоступило")
            if each.amount > 0
            else (ACCOUNT, other, "Получатель", "ДатаСписано")
        )
        booked_on = f"{each.booked_on:%d.%m.%Y}"
        documents.append(
            [
                f"Номер={number}",
                f"Дата={booked_on}",
                f"Сумма={abs(each.amount):.2f}",
                f"ПлательщикСчет={payer}",
                f"ПолучательСчет={payee}",
                f"{role}={each.name}",
                f"{day}={booked_on}",
                f"НазначениеПлатежа={each.whole_text}",
            ]
        )
    text = one_c(
        *documents, opening=f"{OPENING:.2f}", closing=f"{closing(month):.2f}", account=ACCOUNT
    )
    return text.encode("cp866")


def as_csv(month: Sequence[Movement]) -> bytes:
    """Return a CSV file, the newest line first, with the balance after each."""
    rows, balance = [], OPENING
    for each in month:
        balance += each.amount
        amounts = ";".join(f"{value:.2f}".replace(".", ",") for value in (each.amount, balance))
        rows.append(f"{each.booked_on:%d.%m.%Y};{each.name};{each.whole_text};{amounts}")
    head = f"Account;{ACCOUNT}\n\nday;payer;details;sum;saldo"
    return "\n".join([head, *reversed(rows)]).encode()


FORMATS: dict[str, Callable[[Sequence[Movement]], bytes]] = {
    "camt": as_camt,
    "mt940": as_mt940,
    "ofx": as_ofx,
    "1c": as_one_c,
    "csv": as_csv,
}


def account() -> BankAccount:
    """Return the account, which records what is certain and knows its CSV files."""
    made = an_account(number=ACCOUNT, posts_certain=True)
    CsvLayout.objects.create(account=made, headings=HEADINGS, decimal_mark=",", date_order="dmy")
    return made
