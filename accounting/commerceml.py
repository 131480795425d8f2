"""Documents and payments for 1C:Enterprise: CommerceML 2, schema 2.10, in UTF-8.

The format is 1C's own for exchanging documents with other programs (v8.1c.ru, "CommerceML 2").
Each document and each payment is a Документ, in the order of dates; amounts are positive, and the
operation (ХозОперация) says what they mean. Never tried with 1C itself. docs/accounting.md has the
rules.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from heapq import merge
from io import BytesIO
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from accounting.journal import EARLIER, ONLY_INVOICE, Accounts, rows_of
from invoices.documents.document import Kind
from organizations.billing.tax_id_rules import russian_tax_id
from organizations.countries import country_name
from organizations.models import TaxCategory
from payments.models import Method, PaymentKind
from rating.periods import Period
from tariffs.money import exact

if TYPE_CHECKING:
    from lxml.etree import _Element

NAMESPACE = "urn:1C.ru:commerceml_2"
VERSION = "2.10"
# The lengths that the schema gives names and comments.
_MAX_NAME, _MAX_TEXT = 250, 3_000
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_SERVICE = "Услуги видеонаблюдения"
_TAX = "НДС"
_RATED = (TaxCategory.STANDARD, TaxCategory.ZERO)

_DOCUMENTS = f"""
    SELECT document.id, document.issued_on, document.kind, document.number,
        document.organization_id, document.organization_title, organization.debtor_number,
        document.buyer, document.buyer_reference, document.currency, document.period_from,
        document.period_until, document.due_on, earlier.number,
        part.category, part.percent, part.net, part.amount
    FROM invoices_invoice AS document
    JOIN organizations_organization AS organization ON organization.id = document.organization_id
    JOIN invoices_invoicetax AS part ON part.invoice_id = document.id
    {EARLIER}
    WHERE document.issued_on >= %(start)s AND document.issued_on < %(end)s
    ORDER BY document.issued_on, document.number, part.position
"""
# With the details that apply on the day of the payment.
_PAYMENTS = f"""
    SELECT paid_on, kind, method, payment.id, payment.organization_id, title, debtor_number,
        contract_number, currency, amount, reference, reverses_id, ({ONLY_INVOICE}),
        details.name, street, postal_code, city, country, tax_number
    FROM payments_payment AS payment
    JOIN organizations_organization AS organization ON organization.id = payment.organization_id
    LEFT JOIN LATERAL (
        SELECT * FROM organizations_billingdetails
        WHERE organization_id = payment.organization_id
            AND (valid_from IS NULL OR valid_from <= paid_on)
        ORDER BY valid_from DESC NULLS LAST LIMIT 1
    ) AS details ON true
    WHERE paid_on >= %(start)s AND paid_on < %(end)s
    ORDER BY paid_on, payment.id
"""


class Customer(NamedTuple):
    """The other side of a document: `debtor` identifies it for 1C."""

    debtor: str
    title: str
    name: str
    street: str
    postal_code: str
    city: str
    country: str
    tax_id: str


class Part(NamedTuple):
    """What a document charges with a tax; `percent` is None if the tax has no rate."""

    category: str
    percent: Decimal
    net: Decimal
    tax: Decimal
    account: str

    @property
    def rate(self) -> str:
        """The rate as 1C names it."""
        return f"{self.percent.normalize():f}" if self.category in _RATED else f"Без {_TAX}"


class Document(NamedTuple):
    """A document or a payment. `amount` is positive unless the operation is `Прочие`."""

    id: str
    number: str
    day: date
    operation: str
    currency: str
    amount: Decimal
    customer: Customer
    due_on: date | None
    comment: str
    values: Sequence[tuple[str, str]]
    parts: Sequence[Part] = ()
    item: str = ""


def parts(period: Period, known: Accounts, *, now: datetime) -> Iterator[bytes]:
    """Yield the parts of a file with what happened on the dates of a period.

    `now`, in the provider's time zone, is stated as the time of the file. Memory does not grow with
    the number of documents.
    """
    # Slow to load, and few processes need it.
    from lxml import etree

    buffer = BytesIO()
    with etree.xmlfile(buffer, encoding="UTF-8") as file:
        file.write_declaration()
        root = file.element(
            f"{{{NAMESPACE}}}КоммерческаяИнформация",
            {"ВерсияСхемы": VERSION, "ДатаФормирования": f"{now:%Y-%m-%dT%H:%M:%S}"},
            nsmap={None: NAMESPACE},
        )
        with root:
            for document in _documents(period, known):
                file.write("\n", _element(document))
                file.flush()
                yield buffer.getvalue()
                buffer.seek(0)
                buffer.truncate()
            file.write("\n")
    yield buffer.getvalue()


def _documents(period: Period, known: Accounts) -> Iterator[Document]:
    of_one = groupby(rows_of(_DOCUMENTS, period), itemgetter(0))
    # What is of nothing is not booked, as in the journal.
    every = (_issued(list(rows), known) for _pk, rows in of_one)
    issued = (each for each in every if any(part.net + part.tax for part in each.parts))
    paid = (_paid(row, known) for row in rows_of(_PAYMENTS, period))
    return merge(issued, paid, key=lambda each: each.day)


def _issued(rows: Sequence[Sequence[Any]], known: Accounts) -> Document:
    _pk, day, kind, number, organization, title, given, buyer, *rest = rows[0]
    contract, currency, first, until, due_on, earlier = rest[:6]
    charged = [_part(row, known) for row in rows]
    debtor = known.debtor(organization, given)
    last, buyer = Period(first, until).last, json.loads(buyer)
    is_credit = kind == Kind.CREDIT_NOTE
    return Document(
        id=number,
        number=number,
        day=day,
        operation="Возврат товара" if is_credit else "Отпуск товара",
        currency=currency,
        amount=sum((each.net + each.tax for each in charged), Decimal()),
        customer=Customer(
            debtor=debtor,
            title=title,
            **{name: buyer[name] for name in Customer._fields if name in buyer},
        ),
        due_on=due_on,
        comment="",
        values=[("Номер договора", contract), ("Документ-основание", earlier or "")],
        parts=charged,
        item=f"{_SERVICE}, {first:%d.%m.%Y}–{last:%d.%m.%Y}",
    )


def _part(row: Sequence[Any], known: Accounts) -> Part:
    category, percent, net, tax = row[-4:]
    revenue = known.revenue.get((category, percent))
    return Part(category, percent, net, tax, revenue.account if revenue else "")


def _paid(row: Sequence[Any], known: Accounts) -> Document:
    day, kind, method, pk, organization, title, given, contract, currency, amount, *rest = row
    reference, reverses, invoice, name, *address = rest
    debtor = known.debtor(organization, given)
    operation = _operation(kind, method, amount)
    about = invoice or ("" if reverses is None else f"P{reverses}")
    return Document(
        id=f"P{pk}",
        number=f"P{pk}",
        day=day,
        operation=operation,
        currency=currency,
        amount=amount if operation == _OTHER else abs(amount),
        customer=Customer(debtor, title, name or title, *(each or "" for each in address)),
        due_on=None,
        comment=reference,
        values=[
            ("Вид оплаты", _kind_of(kind, method, is_reversal=reverses is not None)),
            ("Номер договора", contract),
            ("Документ-основание", about),
            ("Счет учета", known.of_money(kind, method)),
        ],
    )


_OTHER = "Прочие"
_MOVES_MONEY = (PaymentKind.PAYMENT, PaymentKind.DEPOSIT, PaymentKind.REFUND)
_KINDS = {
    PaymentKind.DEPOSIT: "Обеспечительный платеж",
    PaymentKind.BANK_FEE: "Комиссия банка",
    PaymentKind.WRITE_OFF: "Списание задолженности",
    PaymentKind.TRANSFER: "Перенос между контрагентами",
}
_METHODS = {
    Method.TRANSFER: "Банковский перевод",
    Method.CARD: "Платежная карта",
    Method.DIRECT_DEBIT: "Прямое дебетование",
    Method.CASH: "Наличные",
    Method.OTHER: "Прочее",
}


def _operation(kind: str, method: str, amount: Decimal) -> str:
    """Return the operation of a payment: a reversal is the opposite of what it reverses."""
    if kind not in _MOVES_MONEY:
        return _OTHER
    money = "наличных денег" if method == Method.CASH else "безналичных денег"
    return f"{'Выплата' if amount > 0 else 'Возврат'} {money}"


def _kind_of(kind: str, method: str, *, is_reversal: bool) -> str:
    name = _KINDS.get(PaymentKind(kind)) or _METHODS[Method(method)]
    return f"{name}, сторно" if is_reversal else name


# --- XML ------------------------------------------------------------------------------------------


def _element(document: Document) -> _Element:
    from lxml import etree

    root = etree.Element(f"{{{NAMESPACE}}}Документ", nsmap={None: NAMESPACE})
    currency = document.currency
    _texts(
        root,
        ("Ид", document.id),
        ("Номер", document.number),
        ("Дата", document.day.isoformat()),
        ("ХозОперация", document.operation),
        ("Роль", "Продавец"),
        ("Валюта", currency),
        ("Курс", "1"),
        ("Сумма", _money(document.amount, currency)),
    )
    _add_customer(_child(root, "Контрагенты"), document.customer)
    if document.due_on:
        _texts(root, ("СрокПлатежа", document.due_on.isoformat()))
    _texts(root, ("Комментарий", document.comment[:_MAX_TEXT]))
    if document.parts:
        taxes = _child(root, "Налоги")
        for part in document.parts:
            _add_tax(taxes, part, currency)
        items = _child(root, "Товары")
        for part in document.parts:
            _add_item(items, document, part)
    _add_values(root, document.values)
    return root


def _add_customer(parent: _Element, customer: Customer) -> None:
    root = _child(parent, "Контрагент")
    _texts(
        root,
        ("Ид", customer.debtor),
        ("Наименование", customer.title[:_MAX_NAME]),
        ("ОфициальноеНаименование", customer.name[:_MAX_NAME]),
    )
    country = country_name(customer.country, "ru") if customer.country else ""
    fields = (
        ("Почтовый индекс", customer.postal_code),
        ("Страна", country),
        ("Город", customer.city),
        ("Улица", customer.street),
    )
    if any(text for _name, text in fields):
        address = _child(root, "ЮридическийАдрес")
        _texts(address, ("Представление", ", ".join(text for _name, text in fields if text)))
        for name, text in fields:
            if text:
                _texts(_child(address, "АдресноеПоле"), ("Тип", name), ("Значение", text))
    if customer.country == "RU" and (russian := russian_tax_id(customer.tax_id)):
        inn, kpp = russian
        _texts(root, ("ИНН", inn), ("КПП", kpp))
    elif customer.tax_id:
        _texts(root, ("Комментарий", f"Налоговый номер {customer.tax_id}"))
    _texts(root, ("Роль", "Покупатель"))


def _add_tax(parent: _Element, part: Part, currency: str) -> None:
    _texts(
        _child(parent, "Налог"),
        ("Наименование", _TAX),
        ("УчтеноВСумме", "true"),
        ("Сумма", _money(part.tax, currency)),
        ("Ставка", part.rate),
    )


def _add_item(parent: _Element, document: Document, part: Part) -> None:
    root, currency = _child(parent, "Товар"), document.currency
    gross = _money(part.net + part.tax, currency)
    _texts(
        root,
        ("Ид", f"{part.category}-{part.percent.normalize():f}"),
        ("Наименование", document.item),
    )
    unit = _child(root, "БазоваяЕдиница")
    unit.text = "ед"
    unit.set("Код", "642")
    unit.set("НаименованиеПолное", "Единица")
    rate = _child(_child(root, "СтавкиНалогов"), "СтавкаНалога")
    _texts(rate, ("Наименование", _TAX), ("Ставка", part.rate))
    _add_values(
        root,
        [
            ("ВидНоменклатуры", "Услуга"),
            ("ТипНоменклатуры", "Услуга"),
            ("Счет учета", part.account),
        ],
    )
    _texts(root, ("ЦенаЗаЕдиницу", gross), ("Количество", "1"), ("Сумма", gross))
    _add_tax(_child(root, "Налоги"), part, currency)


def _add_values(parent: _Element, values: Sequence[tuple[str, str]]) -> None:
    if any(text for _name, text in values):
        root = _child(parent, "ЗначенияРеквизитов")
        for name, text in values:
            if text:
                value = _child(root, "ЗначениеРеквизита")
                _texts(value, ("Наименование", name), ("Значение", text))


def _child(parent: _Element, name: str) -> _Element:
    from lxml import etree

    return etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")


def _texts(parent: _Element, *texts: tuple[str, str]) -> None:
    """Add an element for each text that is not empty."""
    for name, text in texts:
        if text:
            _child(parent, name).text = _NOT_IN_XML.sub(" ", text)


def _money(amount: Decimal, currency: str) -> str:
    return f"{exact(amount, currency):f}"
