"""Read camt.053 and camt.054, of every version: statements and notifications in ISO 20022 XML.

Elements are found by their local names, because each version has a namespace of its own and
banks add prefixes. What is booked is read; what is pending or for information only is counted.
camt.052 is refused: it reports the day so far, and the statement states the same money again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from django.utils.translation import gettext as _

from bank.reading.values import (
    Line,
    Statement,
    UnreadableStatementError,
    account_number,
    amount_of,
    checked,
    date_of,
    identifier,
    joined,
)

if TYPE_CHECKING:
    from lxml import etree

    Element: TypeAlias = etree._Element

_NOTIFICATION = "BkToCstmrDbtCdtNtfctn"
_MESSAGES = {"BkToCstmrStmt": "Stmt", _NOTIFICATION: "Ntfctn"}
_INTERIM = "BkToCstmrAcctRpt"
_START = 20_000
"""How many bytes of a file tell what it is."""
_OPENING, _CLOSING, _PAGE = ("OPBD", "PRCD"), ("CLBD",), "ITBD"


def is_camt(content: bytes) -> bool:
    """Return whether a file looks like camt, of whichever kind."""
    start = content[:_START]
    return b"<" in start[:200] and any(
        name.encode() in start for name in (*_MESSAGES, _INTERIM, "camt.05")
    )


def is_notification(content: bytes) -> bool:
    """Return whether a file looks like camt.054."""
    return is_camt(content) and _NOTIFICATION.encode() in content[:_START]


def read_camt(content: bytes) -> list[Statement]:
    """Return the statements of a file, one per account and page.

    Raises:
        UnreadableStatementError: it is not well-formed, is a camt.052, or a statement in it is
            incomplete or does not add up.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableStatementError(
            _("The file is not complete XML: %(error)s") % {"error": error.msg}
        ) from error
    if root.getroottree().docinfo.doctype:
        raise UnreadableStatementError(_("A bank’s file has no document type declaration."))
    found = [
        _statement(element)
        for message in root.iter()
        if (inner := _MESSAGES.get(_name(message)))
        for element in _children(message, inner)
    ]
    if not found and any(_name(each) == _INTERIM for each in root.iter()):
        raise UnreadableStatementError(
            _(
                "This is a report of the day so far (camt.052). Upload the statement (camt.053) or "
                "the notification (camt.054), which state the same money once it is booked."
            )
        )
    if not found:
        raise UnreadableStatementError(_("The file contains no statement and no notification."))
    return found


def _statement(element: Element) -> Statement:
    entries = [_Entry.of(each) for each in _children(element, "Ntry")]
    balances = [_balance(each) for each in _children(element, "Bal")]
    currencies = {each.currency for each in entries} | {each.currency for each in balances}
    currency = _text(element, "Acct/Ccy") or (currencies.pop() if len(currencies) == 1 else "")
    if currencies - {currency}:
        raise UnreadableStatementError(_("A statement in this file has several currencies."))
    booked = [each for each in entries if each.is_booked]
    account = _find(element, "Acct/Id")
    return checked(
        Statement(
            account=_account(account),
            currency=currency,
            lines=[line for entry in booked for line in _lines(entry)],
            number=identifier(_text(element, "ElctrncSeqNb") or _text(element, "Id")),
            opening=_amount_at(balances, _OPENING, page=0),
            closing=_amount_at(balances, _CLOSING, page=-1),
            not_booked=len(entries) - len(booked),
        )
    )


# --- Balances -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Balance:
    kind: str
    amount: Decimal
    currency: str


def _balance(element: Element) -> _Balance:
    amount, currency = _amount(element)
    kind = _text(element, "Tp/CdOrPrtry/Cd") or _text(element, "Tp/CdOrPrtry/Prtry")
    return _Balance(kind, amount * _sign(element), currency)


def _amount_at(balances: Sequence[_Balance], kinds: Sequence[str], page: int) -> Decimal | None:
    """Return the balance of the first kind that is stated, otherwise that of a page."""
    for kind in kinds:
        if found := [each.amount for each in balances if each.kind == kind]:
            return found[page]
    pages = [each.amount for each in balances if each.kind == _PAGE]
    others = {each.kind for each in balances} & {*_OPENING, *_CLOSING}
    # A single balance of a page opens or closes it, depending on which other there is.
    return pages[page] if len(pages) > 1 or (pages and others) else None


# --- Entries and their details --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Entry:
    element: Element
    amount: Decimal
    currency: str
    booked_on: date | None
    is_booked: bool
    is_reversal: bool

    @classmethod
    def of(cls, element: Element) -> _Entry:
        """Read what an entry states of itself."""
        amount, currency = _amount(element)
        # Since version 08 a status can be missing, and then the entry is booked.
        status = _text(element, "Sts/Cd") or _text(element, "Sts") or "BOOK"
        return cls(
            element,
            amount * _sign(element),
            currency,
            _date(element, "BookgDt") or _date(element, "ValDt"),
            status == "BOOK",
            _text(element, "RvslInd") in ("true", "1"),
        )


def _lines(entry: _Entry) -> Iterator[Line]:
    """Yield a line per detail if the details add up to the entry, otherwise one for the entry."""
    details = [
        detail
        for batch in _children(entry.element, "NtryDtls")
        for detail in _children(batch, "TxDtls")
    ]
    if not details:
        yield _line(entry, None, entry.amount)
        return
    amounts = [_detail_amount(each, entry) for each in details]
    if len(details) == 1 and amounts[0] is None:
        amounts = [entry.amount]
    if None not in amounts and sum(filter(None, amounts)) == entry.amount:
        for detail, amount in zip(details, amounts, strict=True):
            yield _line(entry, detail, amount or Decimal(0))
    else:
        yield _line(entry, details[0] if len(details) == 1 else None, entry.amount, in_doubt=True)


def _detail_amount(detail: Element, entry: _Entry) -> Decimal | None:
    """Return the signed amount of a detail in the currency of its entry, or None.

    What the payer instructed is never taken: that is before charges and exchange.
    """
    sign = _sign(detail) if _find(detail, "CdtDbtInd") is not None else _sign(entry.element)
    for path in ("", "AmtDtls/TxAmt"):
        inside = _find(detail, path) if path else detail
        if inside is not None and _find(inside, "Amt") is not None:
            amount, currency = _amount(inside)
            if currency == entry.currency:
                return sign * amount
    return None


def _line(
    entry: _Entry, detail: Element | None, amount: Decimal, *, in_doubt: bool = False
) -> Line:
    element = entry.element
    if entry.booked_on is None:
        raise UnreadableStatementError(_("An entry in this file has no date."))
    has = element if detail is None else detail
    party = _party(has, is_debtor=(amount > 0) != entry.is_reversal)
    return Line(
        booked_on=entry.booked_on,
        amount=amount,
        valued_on=_date(element, "ValDt"),
        name=party.name,
        account=party.account,
        text=_written(has) or joined([_text(element, "AddtlNtryInf")], full=()),
        references=_references(has) or _batch_ids(element, detail),
        end_to_end_id=identifier(_text(has, "Refs/EndToEndId")),
        bank_reference=identifier(_text(has, "Refs/AcctSvcrRef") or _text(element, "AcctSvcrRef")),
        entry_reference=identifier(_text(element, "AcctSvcrRef") or _text(element, "NtryRef")),
        mandate=identifier(_text(has, "Refs/MndtId")),
        instructed=_instructed(has, entry),
        is_reversal=entry.is_reversal,
        reason=_text(has, "RtrInf/Rsn/Cd")
        or _text(has, "RtrInf/Rsn/Prtry")
        or _text(has, "RtrInf/AddtlInf"),
        in_doubt=in_doubt,
    )


@dataclass(frozen=True, slots=True)
class _Party:
    name: str
    account: str


def _party(detail: Element, *, is_debtor: bool) -> _Party:
    """Return the other party. Since version 08 a name is one level further down."""
    role = "Dbtr" if is_debtor else "Cdtr"
    names = (
        _text(detail, f"RltdPties/{each}/{path}")
        for each in (role, f"Ultmt{role}")
        for path in ("Nm", "Pty/Nm")
    )
    name = next(filter(None, names), "")
    return _Party(" ".join(name.split()), _account(_find(detail, f"RltdPties/{role}Acct/Id")))


def _written(detail: Element) -> str:
    """Return what the payer wrote: unstructured text, and what was added to references."""
    texts: list[str] = []
    for remittance in _children(detail, "RmtInf"):
        texts.append(joined([each.text or "" for each in _children(remittance, "Ustrd")]))
        for structured in _children(remittance, "Strd"):
            texts += [each.text or "" for each in _children(structured, "AddtlRmtInf")]
    return joined([*texts, _text(detail, "AddtlTxInf")], full=())


def _references(detail: Element) -> tuple[str, ...]:
    """Return all structured references, such as SCOR, QRR or Belgian ones, and document numbers."""
    found = [
        _text(structured, path)
        for remittance in _children(detail, "RmtInf")
        for structured in _children(remittance, "Strd")
        for path in ("CdtrRefInf/Ref", "RfrdDocInf/Nb")
    ]
    return tuple(dict.fromkeys("".join(each.split()) for each in found if identifier(each)))


def _batch_ids(entry: Element, detail: Element | None) -> tuple[str, ...]:
    """Return the ids under which the owner of the account ordered what an entry sums up.

    A direct debit that is credited in one sum has them, with one detail or none.
    """
    if detail is not None and identifier(_text(detail, "Refs/EndToEndId")):
        return ()
    found = [
        _text(batch, path)
        for batch in _children(entry, "NtryDtls")
        for path in ("Btch/PmtInfId", "Btch/MsgId", "TxDtls/Refs/PmtInfId")
    ]
    return tuple(dict.fromkeys(each for each in map(identifier, found) if each))


def _instructed(detail: Element, entry: _Entry) -> str:
    inside = _find(detail, "AmtDtls/InstdAmt")
    if inside is None or _find(inside, "Amt") is None:
        return ""
    amount, currency = _amount(inside)
    return f"{amount} {currency}" if currency != entry.currency else ""


# --- Elements -------------------------------------------------------------------------------------


def _name(element: Element) -> str:
    # Comments and processing instructions have no name.
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _children(element: Element, name: str) -> list[Element]:
    return [each for each in element if _name(each) == name]


def _find(element: Element, path: str) -> Element | None:
    """Return the first element at a path of local names, going back if a branch ends early."""
    first, _slash, rest = path.partition("/")
    for each in _children(element, first):
        found = _find(each, rest) if rest else each
        if found is not None:
            return found
    return None


def _text(element: Element, path: str) -> str:
    found = _find(element, path)
    return "" if found is None or not found.text else found.text.strip()


def _amount(element: Element) -> tuple[Decimal, str]:
    found = _find(element, "Amt")
    if found is None:
        raise UnreadableStatementError(_("An entry or balance in this file has no amount."))
    return amount_of(found.text or ""), found.get("Ccy", "")


def _sign(element: Element) -> int:
    mark = _text(element, "CdtDbtInd")
    if mark not in ("CRDT", "DBIT"):
        raise UnreadableStatementError(_("An amount in this file is neither a credit nor a debit."))
    return 1 if mark == "CRDT" else -1


def _date(element: Element, name: str) -> date | None:
    text = _text(element, f"{name}/Dt") or _text(element, f"{name}/DtTm")
    return date_of(text) if text else None


def _account(element: Element | None) -> str:
    if element is None:
        return ""
    return account_number(_text(element, "IBAN") or _text(element, "Othr/Id"))
