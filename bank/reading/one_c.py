"""Read 1CClientBankExchange 1.01 to 1.03, the text format in which Russian banks state accounts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from iso4217 import Currency

from bank.reading.values import (
    Line,
    Statement,
    UnreadableStatementError,
    account_number,
    checked,
    cut_off,
    identifier,
    plausible,
    refuse_binary,
    signed_amount_of,
)

_MARK = "1CClientBankExchange"
_ACCOUNT, _ACCOUNT_END = "СекцияРасчСчет", "КонецРасчСчет"
_DOCUMENT, _DOCUMENT_END = "СекцияДокумент", "КонецДокумента"
_FILE_END = "КонецФайла"
_PURPOSE = "НазначениеПлатежа"
# The numbers in accounts differ from ISO 4217 for the rouble.
_ROUBLE = "810"
_TAX_ID = re.compile(r"[0-9]{10}|[0-9]{12}")
_TAX_ID_IN_NAME = re.compile(r"ИНН\s*([0-9]*)\s*")


def is_one_c(content: bytes) -> bool:
    """Return whether a file is of this format."""
    return _MARK.encode() in content[:200]


def read_one_c(content: bytes) -> list[Statement]:
    """Return a statement per account that the file is about.

    Raises:
        UnreadableStatementError: the file is cut off, or an account in it does not add up.
    """
    refuse_binary(content)
    file = _File.of(_decoded(content))
    return [checked(_statement(account, file)) for account in file.accounts]


def _decoded(content: bytes) -> str:
    """Decode a file by what makes its keywords readable; its header is often wrong."""
    for encoding in ("utf-8-sig", "cp1251", "cp866"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _ACCOUNT in text or _DOCUMENT in text or _FILE_END in text:
            return text
    raise UnreadableStatementError(
        _("The file is incomplete, or is neither in Windows-1251 nor in DOS nor in UTF-8 encoding.")
    )


# --- Sections -------------------------------------------------------------------------------------

_Fields = dict[str, str]


@dataclass(slots=True)
class _File:
    """The sections of a file: its accounts, each with its balances, and all documents."""

    accounts: dict[str, list[_Fields]] = field(default_factory=dict)
    documents: list[_Fields] = field(default_factory=list)

    @classmethod
    def of(cls, text: str) -> _File:
        """Read the sections.

        Raises:
            UnreadableStatementError: one is not closed, or the end of the file is missing.
        """
        file = cls()
        header: list[str] = []
        inside: _Fields | None = None
        for row in text.splitlines():
            # A value can contain the character too.
            name, _equals, value = (each.strip() for each in row.partition("="))
            if name == _FILE_END and inside is None:
                break
            if name in (_ACCOUNT, _DOCUMENT):
                if inside is not None:
                    raise UnreadableStatementError(cut_off())
                inside = {}
            elif name == _ACCOUNT_END:
                number = account_number((inside or {}).get("РасчСчет"))
                file.accounts.setdefault(number, []).append(inside or {})
                inside = None
            elif name == _DOCUMENT_END:
                file.documents.append(inside or {})
                inside = None
            elif inside is not None:
                inside[name] = value
            elif name == "РасчСчет":
                header.append(account_number(value))
        else:
            raise UnreadableStatementError(cut_off())
        for number in header:
            file.accounts.setdefault(number, [])
        if not file.accounts:
            raise UnreadableStatementError(_("The file names no account."))
        return file


# --- Statements -----------------------------------------------------------------------------------


def _statement(account: str, file: _File) -> Statement:
    sections = sorted(file.accounts[account], key=lambda each: _date(each, "ДатаНачала"))
    return Statement(
        account=account,
        currency=_currency(account),
        lines=[line for document in file.documents for line in _lines(document, account)],
        opening=_balance(sections[:1], "НачальныйОстаток"),
        closing=_balance(sections[-1:], "КонечныйОстаток"),
    )


def _balance(sections: Sequence[_Fields], name: str) -> Decimal | None:
    return next((_amount(each[name]) for each in sections if each.get(name)), None)


def _lines(document: _Fields, account: str) -> Iterator[Line]:
    """Yield what a document moves on an account: nothing, one line, or two of opposite sign.

    Both directions are in one list, so the account decides.
    """
    payer, payee = (
        {account_number(document.get(f"{role}{name}")) for name in ("Счет", "РасчСчет")}
        for role in ("Плательщик", "Получатель")
    )
    amount = _amount(document.get("Сумма", ""))
    if account in payee:
        yield _line(document, amount, "Плательщик", ("ДатаПоступило", "ДатаСписано", "Дата"))
    if account in payer:
        yield _line(document, -amount, "Получатель", ("ДатаСписано", "ДатаПоступило", "Дата"))


def _line(document: _Fields, amount: Decimal, other: str, dates: Sequence[str]) -> Line:
    booked_on = next((_date(document, each) for each in dates if document.get(each)), None)
    if booked_on is None:
        raise UnreadableStatementError(_("A document in this file has no date."))
    full = document.get(f"{other}1") or document.get(other, "")
    tax_id = document.get(f"{other}ИНН", "") or "".join(_TAX_ID_IN_NAME.findall(full)[:1])
    return Line(
        booked_on=booked_on,
        amount=amount,
        name=_TAX_ID_IN_NAME.sub("", full).strip(),
        account=account_number(document.get(f"{other}РасчСчет") or document.get(f"{other}Счет")),
        tax_id=tax_id if _TAX_ID.fullmatch(tax_id) and int(tax_id) else "",
        text=_purpose(document),
        references=tuple(filter(None, [identifier(document.get("Код"))])),
        bank_reference=identifier(document.get("Номер")),
    )


def _purpose(document: _Fields) -> str:
    """Return the purpose, which is in one field, in several, or in both."""
    whole = document.get(_PURPOSE, "")
    parts = [document.get(f"{_PURPOSE}{number}", "") for number in range(1, 7)]
    missing = [each for each in parts if each and each not in whole]
    return " ".join(" ".join([whole, *missing]).split())


def _amount(text: str) -> Decimal:
    return signed_amount_of(text.replace(",", ".").replace(" ", ""))


def _date(fields: Mapping[str, str], name: str) -> date:
    text = fields.get(name, "")
    try:
        return plausible(datetime.strptime(text[:10], "%d.%m.%Y").date())
    except ValueError as error:
        raise UnreadableStatementError(
            _("“%(text)s” is not a date.") % {"text": text[:40]}
        ) from error


def _currency(account: str) -> str:
    """Return the currency that digits 6 to 8 of a Russian account number state."""
    code = account[5:8]
    if code == _ROUBLE:
        return "RUB"
    found = {each.number: each.code for each in Currency}
    return found.get(int(code), "") if code.isdecimal() else ""
