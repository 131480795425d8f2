"""The file for 1C: CommerceML 2, schema 2.10.

The order of elements, the operations, roles and lengths are those of 1C's schema. No package has
the schema itself, and it may not be kept here, so `RULES` says what it says of what is written.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from lxml import etree
from pytest_django import DjangoAssertNumQueries

from accounting.commerceml import NAMESPACE
from accounting.models import RevenueAccount
from accounting.tests.factories import all_accounts
from accounting.tests.test_journal import BY, debtor, exported, received
from invoices.issuing.operations import cancel
from invoices.tests.factories import (
    BilledOrganizationFactory,
    BilledUseFactory,
    issued_invoice,
)
from organizations.models import BillingDetails, Organization
from payments import payouts
from payments.models import Method
from payments.operations import reverse_payment
from payments.tests.factories import a_payment
from tariffs.tests.factories import TariffFactory, TariffPriceFactory

pytestmark = pytest.mark.django_db

ADDRESS = "/accounting/commerceml.xml?from=2026-11-01&to=2026-11-30"
# The elements that each may have, in this order; those that it must have are upper-case keys.
RULES = {
    "Документ": (
        ("Ид", "Номер", "Дата", "ХозОперация", "Роль", "Валюта", "Курс", "Сумма", "Контрагенты"),
        ("СрокПлатежа", "Комментарий", "Налоги", "Товары", "ЗначенияРеквизитов"),
    ),
    "Контрагенты": (("Контрагент",), ()),
    "Контрагент": (
        ("Ид", "Наименование", "ОфициальноеНаименование"),
        ("ЮридическийАдрес", "ИНН", "КПП", "Комментарий", "Роль"),
    ),
    "ЮридическийАдрес": (("Представление",), ("АдресноеПоле",)),
    "АдресноеПоле": (("Тип", "Значение"), ()),
    "Налоги": (("Налог",), ()),
    "Налог": (("Наименование", "УчтеноВСумме", "Сумма", "Ставка"), ()),
    "Товары": (("Товар",), ()),
    "Товар": (
        ("Ид", "Наименование", "БазоваяЕдиница"),
        (
            *("СтавкиНалогов", "ЗначенияРеквизитов", "ЦенаЗаЕдиницу", "Количество", "Сумма"),
            "Налоги",
        ),
    ),
    "СтавкиНалогов": (("СтавкаНалога",), ()),
    "СтавкаНалога": (("Наименование", "Ставка"), ()),
    "ЗначенияРеквизитов": (("ЗначениеРеквизита",), ()),
    "ЗначениеРеквизита": (("Наименование", "Значение"), ()),
}
VALUES = {
    "ХозОперация": {
        "Отпуск товара",
        "Возврат товара",
        "Выплата наличных денег",
        "Возврат наличных денег",
        "Выплата безналичных денег",
        "Возврат безналичных денег",
        "Прочие",
    },
    "Роль": {"Продавец", "Покупатель"},
    "Тип": {"Почтовый индекс", "Страна", "Город", "Улица"},
    "УчтеноВСумме": {"true"},
}
LENGTHS = {"Наименование": 250, "ОфициальноеНаименование": 250, "Комментарий": 3_000, "ИНН": 12}


def name_of(element: Any) -> str:
    namespace, _brace, name = element.tag[1:].partition("}")
    assert namespace == NAMESPACE
    return str(name)


def check(element: Any) -> None:
    """Check an element and all below it against the rules of the schema."""
    name = name_of(element)
    names = [name_of(child) for child in element]
    assert (name in RULES) == bool(names), name
    if names:
        required, optional = RULES[name]
        allowed = [*required, *optional]
        assert {*required} <= {*names} <= {*allowed}, (name, names)
        places = [allowed.index(each) for each in names]
        assert places == sorted(places), (name, names)
    else:
        assert element.text, name
        assert element.text in VALUES.get(name, {element.text})
        assert len(element.text) <= LENGTHS.get(name, 1_000)
    for child in element:
        check(child)


def documents(client: Client, address: str = ADDRESS) -> list[Any]:
    """Return the documents of a file, each of which keeps to the rules."""
    answer = client.get(address)
    assert answer.headers["Content-Type"] == "application/xml"
    content: bytes = answer.getvalue()
    assert content.startswith(b"<?xml version='1.0' encoding='UTF-8'?>")
    root = etree.fromstring(content)
    assert name_of(root) == "КоммерческаяИнформация"
    assert root.get("ВерсияСхемы") == "2.10"
    assert len(root.get("ДатаФормирования")) == len("2026-11-30T12:00:00")
    found = list(root)
    for each in found:
        assert name_of(each) == "Документ"
        check(each)
    return found


def text(element: Any, path: str) -> str | None:
    steps = "/".join(f"{{{NAMESPACE}}}{step}" for step in path.split("/"))
    found: str | None = element.findtext(steps)
    return found


def values(element: Any) -> dict[str, str]:
    path = f"{{{NAMESPACE}}}ЗначенияРеквизитов/{{{NAMESPACE}}}ЗначениеРеквизита"
    return {
        str(text(each, "Наименование")): str(text(each, "Значение"))
        for each in element.findall(path)
    }


def test_an_invoice_is_a_delivery_with_its_taxes(operator_client: Client) -> None:
    all_accounts()
    invoice = issued_invoice()

    (found,) = documents(operator_client)

    assert {
        name: text(found, name)
        for name in ("Ид", "Номер", "Дата", "ХозОперация", "Валюта", "Сумма", "СрокПлатежа")
    } == {
        "Ид": invoice.number,
        "Номер": invoice.number,
        "Дата": "2026-11-02",
        "ХозОперация": "Отпуск товара",
        "Валюта": "EUR",
        "Сумма": "10.71",
        "СрокПлатежа": "2026-11-16",
    }
    assert text(found, "Контрагенты/Контрагент/Ид") == debtor(invoice)
    assert text(found, "Контрагенты/Контрагент/ОфициальноеНаименование") == invoice.buyer_name
    assert (text(found, "Налоги/Налог/Сумма"), text(found, "Налоги/Налог/Ставка")) == ("1.71", "19")
    assert (text(found, "Товары/Товар/Сумма"), text(found, "Товары/Товар/Количество")) == (
        "10.71",
        "1",
    )
    assert text(found, "Товары/Товар/Наименование") == (
        "Услуги видеонаблюдения, 01.10.2026–31.10.2026"
    )


def test_a_credit_note_is_a_return_that_names_its_invoice(operator_client: Client) -> None:
    invoice = issued_invoice()
    note = cancel(invoice_id=invoice.pk, **BY)

    by_number = {text(each, "Номер"): each for each in documents(operator_client)}

    found = by_number[note.number]
    assert (text(found, "ХозОперация"), text(found, "Сумма")) == ("Возврат товара", "10.71")
    assert values(found)["Документ-основание"] == invoice.number
    assert text(found, "СрокПлатежа") is None


def test_payments_of_each_kind_have_their_operation(operator_client: Client) -> None:
    all_accounts()
    invoice = issued_invoice()
    paid = received(invoice.organization, "5.00", method=Method.CASH, automatically=True)
    advance = received(invoice.organization, "20.00")
    payouts.refund(
        payment_id=advance.pk,
        amount=Decimal(5),
        paid_on=date(2026, 11, 2),
        method=Method.TRANSFER,
        reference="Back",
        **BY,
    )
    other = BilledOrganizationFactory.create(owner=invoice.organization.owner)
    payouts.transfer(payment_id=advance.pk, to=other, amount=Decimal(8), reference="", **BY)
    payouts.write_off(invoice_id=invoice.pk, amount=Decimal("0.50"), reason="Small", **BY)
    reverse_payment(payment_id=paid.pk, reason="Returned", **BY)

    found = [each for each in documents(operator_client) if text(each, "Номер") != invoice.number]

    assert sorted((text(each, "ХозОперация"), text(each, "Сумма")) for each in found) == [
        ("Возврат безналичных денег", "5.00"),
        ("Возврат наличных денег", "5.00"),
        ("Выплата безналичных денег", "20.00"),
        ("Выплата наличных денег", "5.00"),
        ("Прочие", "-8.00"),
        ("Прочие", "0.50"),
        ("Прочие", "8.00"),
    ]
    by_number = {text(each, "Номер"): each for each in found}
    stated = values(by_number[f"P{paid.pk}"])
    assert stated["Документ-основание"] == invoice.number
    assert (stated["Вид оплаты"], stated["Счет учета"]) == ("Наличные", "1000")


def test_what_1c_gets_equals_the_journal(operator_client: Client) -> None:
    invoice = issued_invoice()
    dinar = TariffFactory.create(currency="KWD")
    TariffPriceFactory.create(tariff=dinar, amount=Decimal("1.071"))
    foreign = issued_invoice(BilledUseFactory.create(tariff=dinar).organization)
    cancel(invoice_id=foreign.pk, **BY)
    a_payment(invoice)

    stated = sorted(
        (text(each, "Валюта"), text(each, "Сумма")) for each in documents(operator_client)
    )
    booked = [row for row in exported(operator_client) if row["entry"] != "allocation"]
    assert stated == sorted((row["currency"], row["amount"]) for row in booked)
    assert ("KWD", "1.274") in stated


@pytest.mark.parametrize(
    ("country", "tax_id", "inn", "kpp", "comment"),
    [
        ("RU", "7701234567", "7701234567", None, None),
        ("RU", "7701234567/770101001", "7701234567", "770101001", None),
        ("RU", "770123456789", "770123456789", None, None),
        ("RU", "12345", None, None, "Налоговый номер 12345"),
        ("KZ", "770123456789", None, None, "Налоговый номер 770123456789"),
        ("RU", "", None, None, None),
    ],
)
def test_russian_tax_ids_are_stated_as_inn_and_kpp(
    operator_client: Client,
    country: str,
    tax_id: str,
    inn: str | None,
    kpp: str | None,
    comment: str | None,
) -> None:
    organization = BilledUseFactory.create().organization
    BillingDetails.objects.filter(organization=organization).update(
        country=country, tax_number=tax_id
    )
    issued_invoice(organization)
    received(organization, "1.00")

    found = documents(operator_client)
    assert len(found) == 2
    for each in found:
        customer = "Контрагенты/Контрагент"
        assert text(each, f"{customer}/ИНН") == inn
        assert text(each, f"{customer}/КПП") == kpp
        assert text(each, f"{customer}/Комментарий") == comment


def test_any_name_and_reference_makes_a_file_that_can_be_read(operator_client: Client) -> None:
    organization = BilledUseFactory.create().organization
    name = "ООО «Камера & Ко» <" + "Ж" * 170 + ">"
    Organization.objects.filter(pk=organization.pk).update(title=name, debtor_number="00-000001")
    BillingDetails.objects.filter(organization=organization).update(name=f"{name}\x0b")
    issued_invoice(organization)
    received(organization, "1.00", reference="]]> & 'ф'")

    issued, paid = sorted(documents(operator_client), key=lambda each: str(text(each, "Номер")))
    for each in (issued, paid):
        assert text(each, "Контрагенты/Контрагент/Ид") == "00-000001"
        assert text(each, "Контрагенты/Контрагент/Наименование") == name
        assert text(each, "Контрагенты/Контрагент/ОфициальноеНаименование") == f"{name} "
    assert text(paid, "Комментарий") == "]]> & 'ф'"


def test_accounts_are_stated_as_far_as_they_are_entered(operator_client: Client) -> None:
    issued_invoice()
    (found,) = documents(operator_client)
    (item,) = found.iter(f"{{{NAMESPACE}}}Товар")
    assert "Счет учета" not in values(item)

    RevenueAccount.objects.create(category="S", percent=Decimal(19), account="9001")
    (found,) = documents(operator_client)
    (item,) = found.iter(f"{{{NAMESPACE}}}Товар")
    assert values(item)["Счет учета"] == "9001"


def test_a_period_without_documents_makes_a_file_of_none(operator_client: Client) -> None:
    assert documents(operator_client, ADDRESS.replace("2026", "2020")) == []


def test_a_wrong_period_is_refused(operator_client: Client) -> None:
    answer = operator_client.get("/accounting/commerceml.xml?from=2026-11-30&to=2026-11-01")
    assert answer.status_code == 400
    assert "Swap them" in answer.text


def test_the_number_of_queries_is_constant(
    operator_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        a_payment(issued_invoice())
    documents(operator_client)

    with django_assert_num_queries(6):
        documents(operator_client)
