"""Small files of banks for tests, built from what a test is about."""

from __future__ import annotations

from collections.abc import Sequence

ACCOUNT = "DE89370400440532013000"
OTHER = "DE02120300000000202051"


def amount(value: str, currency: str = "EUR", mark: str = "") -> str:
    """Return the elements of an amount with its direction."""
    direction = f"<CdtDbtInd>{mark}</CdtDbtInd>" if mark else ""
    return f'<Amt Ccy="{currency}">{value}</Amt>{direction}'


def balance(kind: str, value: str, mark: str = "CRDT", currency: str = "EUR") -> str:
    """Return a balance."""
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>{amount(value, currency, mark)}"
        "<Dt><Dt>2026-12-01</Dt></Dt></Bal>"
    )


def entry(
    value: str,
    *details: str,
    mark: str = "CRDT",
    currency: str = "EUR",
    status: str = "<Sts><Cd>BOOK</Cd></Sts>",
    booked: str = "<BookgDt><Dt>2026-12-01</Dt></BookgDt>",
    more: str = "",
) -> str:
    """Return an entry. `details` are the contents of its details."""
    inside = "".join(f"<TxDtls>{each}</TxDtls>" for each in details)
    return (
        f"<Ntry>{amount(value, currency, mark)}{status}{booked}{more}"
        f"{f'<NtryDtls>{inside}</NtryDtls>' if inside else ''}</Ntry>"
    )


def statement(*parts: str, account: str = f"<IBAN>{ACCOUNT}</IBAN>") -> str:
    """Return a statement of an account in euros with balances and entries."""
    return f"<Stmt><Id>1</Id><Acct><Id>{account}</Id><Ccy>EUR</Ccy></Acct>{''.join(parts)}</Stmt>"


def camt(*statements: str, version: str = "053.001.08") -> bytes:
    """Return a file."""
    kind, inner = {"053": ("BkToCstmrStmt", "Stmt"), "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn")}[
        version[:3]
    ]
    body = "".join(statements).replace("Stmt>", f"{inner}>")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{version}"><{kind}>'
        f"<GrpHdr><MsgId>1</MsgId></GrpHdr>{body}</{kind}></Document>"
    ).encode()


def mt940(
    *lines: str,
    opening: str = "C261130EUR1000,00",
    closing: str = "C261201EUR1000,00",
    account: str = ACCOUNT,
) -> str:
    """Return a block with lines and their texts."""
    return "\n".join(
        [
            ":20:STARTUMSE",
            f":25:{account}",
            ":28C:00012/001",
            f":60F:{opening}",
            *lines,
            f":62F:{closing}",
            "-",
        ]
    )


def ofx(*transactions: str, currency: str = "EUR", account: str = ACCOUNT) -> bytes:
    """Return a statement in OFX 1."""
    return (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:UTF-8\nCHARSET:NONE\n"
        "COMPRESSION:NONE\nOLDFILEUID:NONE\nNEWFILEUID:NONE\n\n"
        "<OFX><BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STMTRS>"
        f"<CURDEF>{currency}<BANKACCTFROM><BANKID>1<ACCTID>{account}<ACCTTYPE>CHECKING</BANKACCTFROM>"
        f"<BANKTRANLIST><DTSTART>20261201<DTEND>20261231{''.join(transactions)}</BANKTRANLIST>"
        "<LEDGERBAL><BALAMT>10.00<DTASOF>20261231</LEDGERBAL>"
        "</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    ).encode()


def moved(value: str, posted: str = "20261201", more: str = "<FITID>1") -> str:
    """Return a transaction of OFX."""
    return f"<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>{posted}<TRNAMT>{value}{more}</STMTTRN>"


RUSSIAN = "40702810900000000001"


def one_c(
    *documents: Sequence[str],
    opening: str = "1000.00",
    closing: str = "1000.00",
    account: str = RUSSIAN,
    end: str = "КонецФайла",
) -> str:
    """Return a file about one account with documents, each a list of `field=value`."""
    rows = [
        "1CClientBankExchange",
        "ВерсияФормата=1.03",
        "Кодировка=Windows",
        "ДатаНачала=01.12.2026",
        "ДатаКонца=31.12.2026",
        f"РасчСчет={account}",
        "СекцияРасчСчет",
        "ДатаНачала=01.12.2026",
        "ДатаКонца=31.12.2026",
        f"РасчСчет={account}",
        f"НачальныйОстаток={opening}",
        f"КонечныйОстаток={closing}",
        "КонецРасчСчет",
    ]
    for fields in documents:
        rows += ["СекцияДокумент=Платежное поручение", *fields, "КонецДокумента"]
    return "\r\n".join([*rows, end])


def received(value: str, *more: str) -> list[str]:
    """Return a document that pays the account."""
    return [
        "Номер=7",
        "Дата=30.11.2026",
        f"Сумма={value}",
        "ПлательщикСчет=40702810500000000002",
        "Плательщик1=ООО Камера",
        "ПлательщикИНН=7707083893",
        f"ПолучательСчет={RUSSIAN}",
        "ДатаПоступило=01.12.2026",
        "НазначениеПлатежа=Оплата по счету INV-2026-000031",
        *more,
    ]
