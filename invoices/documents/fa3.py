"""The XML of KSeF, Poland's register of invoices: the logical structure FA(3), schema 1-0E.

Names of elements are those of the schema (namespace 13775). Its annotations say what they mean, and
name the articles of the VAT act (ustawa o podatku od towarów i usług). The schema checks neither
sums nor the check digits of a NIP, so this module does. Nothing is sent to KSeF.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from stdnum.pl import nip

from invoices.documents.contents import dates_of, item_of
from invoices.documents.document import Document, DocumentLine, Kind, Party, TaxSubtotal
from invoices.documents.texts import storable
from organizations.models import TaxCategory
from organizations.tax_ids import eu_vat_number

if TYPE_CHECKING:
    from lxml import etree

NAMESPACE = "http://crd.gov.pl/wzor/2025/06/25/13775/"
COUNTRY = "PL"
CURRENCY = "PLN"

_PLACES = 2
_MOST_LINES = 10_000
_FIRST_DATE = date(2025, 9, 1)
# Currencies of ISO 4217 that the schema does not list.
CURRENCIES_WITHOUT = frozenset({"SLE", "VED", "XAD", "ZWG"})
_YES, _NO = "1", "2"
_TRANSFER = "6"
_MONTH, _PIECE = "mies.", "szt."
_LONG, _LONGER = 256, 512


class Field(NamedTuple):
    """The fields of a rate: the number in P_13_x and P_14_x, what P_12 says, and if tax is due."""

    number: str
    rate: str
    has_tax: bool = False


_BY_PERCENT = {
    "23": Field("1", "23", has_tax=True),
    "22": Field("1", "22", has_tax=True),
    "8": Field("2", "8", has_tax=True),
    "7": Field("2", "7", has_tax=True),
    "5": Field("3", "5", has_tax=True),
}
_BY_CATEGORY = {
    TaxCategory.ZERO: Field("6_1", "0 KR"),
    TaxCategory.INTRA_EU: Field("6_2", "0 WDT"),
    TaxCategory.EXPORT: Field("6_3", "0 EX"),
    TaxCategory.EXEMPT: Field("7", "zw"),
    TaxCategory.NONE: Field("8", "np I"),
}
_DOMESTIC_REVERSE_CHARGE = Field("10", "oo")
_SERVICE_IN_EU = Field("9", "np II")
_SERVICE_ELSEWHERE = Field("8", "np I")
# The order in which the schema has the sums.
_ORDER = ("1", "2", "3", "6_1", "6_2", "6_3", "7", "8", "9", "10")


class NotInFa3Error(Exception):
    """FA(3) cannot state a document, for a `reason`."""

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(reason)
        self.reason = reason


def fa3(document: Document, *, made_at: datetime) -> bytes:
    """Return a document of a Polish seller as XML that follows FA(3).

    `made_at` is when it was issued. If its currency is another, it must state its taxes in zloty,
    unless they are 0. A credit note, and an invoice that does nothing but supplement another, is a
    correction (KOR), whose amounts are differences.

    Raises:
        NotInFa3Error: FA(3) cannot state it.
    """
    if reason := why_not(document):
        raise NotInFa3Error(reason)
    # Pages only ask why not; lxml takes memory that they do not need.
    from lxml import etree

    with override(document.language):
        root = _Writer(document, made_at).root()
    xml: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return xml


def why_not(document: Document) -> str | Promise:
    """Return why FA(3) cannot state a document; an empty text if it can."""
    return next(_obstacles(document), "")


def nip_of(party: Party) -> str:
    """Return the ten digits of a party's NIP, or an empty text if it has none that is valid."""
    number = "".join(party.tax_id.split()).upper().removeprefix(COUNTRY)
    return str(nip.compact(number)) if nip.is_valid(number) else ""


def _obstacles(document: Document) -> Iterator[str | Promise]:
    if not document.number:
        yield _("It is not issued yet.")
    if document.seller.country != COUNTRY or not nip_of(document.seller):
        yield _("The seller is not in Poland, or its tax ID is not a valid NIP.")
    if document.issued_on < _FIRST_DATE:
        yield _("FA(3) is for invoices from September 2025 on.")
    if document.currency in CURRENCIES_WITHOUT:
        yield _("FA(3) does not know the currency.")
    if any(each != round(each, _PLACES) for each in _amounts(document)):
        yield _("FA(3) states amounts with at most two decimals.")
    if len(document.lines) > _MOST_LINES:
        yield _("FA(3) states at most 10,000 lines.")
    if any(_field(document, each.category, each.percent) is None for each in document.taxes):
        yield _("Polish law has no such tax rate: only 23, 22, 8, 7 and 5 percent.")
    if document.corrects and not _is_correction(document):
        yield _(
            "In Poland a correction is a document of its own, so an invoice cannot also correct "
            "earlier ones. Settle them separately."
        )
    if document.currency != CURRENCY and not _in_zloty(document):
        yield _("The tax must also be stated in zloty, for which there is no exchange rate.")


def _in_zloty(document: Document) -> Sequence[Decimal]:
    """Return the taxes in zloty of a document in another currency; nothing if they are unknown."""
    tax = document.accounting_tax
    if tax is not None and tax.currency == CURRENCY:
        return tax.amounts
    return [] if document.tax_amount else [each.amount for each in document.taxes]


def _amounts(document: Document) -> Iterator[Decimal]:
    yield document.net
    yield from (tax.amount for tax in document.taxes)
    yield from (line.amount for line in document.lines)


def _is_correction(document: Document) -> bool:
    """Return whether a document only changes what earlier invoices have stated."""
    if document.kind is Kind.CREDIT_NOTE:
        return True
    return bool(document.lines) and all(line.corrects for line in document.lines)


def _field(document: Document, category: TaxCategory, percent: Decimal) -> Field | None:
    if category is TaxCategory.STANDARD:
        return _BY_PERCENT.get(f"{percent.normalize():f}")
    if category is TaxCategory.REVERSE_CHARGE:
        if document.buyer.country == COUNTRY:
            return _DOMESTIC_REVERSE_CHARGE
        buyer = document.buyer
        is_in_eu = eu_vat_number(buyer.tax_id, buyer.country)
        return _SERVICE_IN_EU if is_in_eu else _SERVICE_ELSEWHERE
    return _BY_CATEGORY[category]


class _Writer:
    """Writes one document. A credit note is stated with negative amounts."""

    def __init__(self, document: Document, made_at: datetime) -> None:
        self._document, self._made_at = document, made_at
        self._in_zloty = [] if document.currency == CURRENCY else _in_zloty(document)
        self._sign = -1 if document.kind is Kind.CREDIT_NOTE else 1

    def root(self) -> etree._Element:
        from lxml import etree

        root = etree.Element(f"{{{NAMESPACE}}}Faktura", nsmap={None: NAMESPACE})
        self._header(_add(root, "Naglowek"))
        self._seller(_add(root, "Podmiot1"))
        self._buyer(_add(root, "Podmiot2"))
        self._invoice(_add(root, "Fa"))
        return root

    def _header(self, at: etree._Element) -> None:
        form = _add(at, "KodFormularza", "FA")
        form.set("kodSystemowy", "FA (3)")
        form.set("wersjaSchemy", "1-0E")
        _add(at, "WariantFormularza", "3")
        _add(at, "DataWytworzeniaFa", f"{self._made_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")

    def _seller(self, at: etree._Element) -> None:
        seller = self._document.seller
        identity = _add(at, "DaneIdentyfikacyjne")
        _add(identity, "NIP", nip_of(seller))
        _add(identity, "Nazwa", seller.name, _LONGER)
        _address(at, seller)
        _email(at, seller)

    def _buyer(self, at: etree._Element) -> None:
        buyer = self._document.buyer
        identity = _add(at, "DaneIdentyfikacyjne")
        vat = eu_vat_number(buyer.tax_id, buyer.country)
        if buyer.country == COUNTRY and (number := nip_of(buyer)):
            _add(identity, "NIP", number)
        elif vat and not vat.startswith(COUNTRY):
            _add(identity, "KodUE", vat[:2])
            _add(identity, "NrVatUE", vat[2:])
        elif buyer.country != COUNTRY and buyer.tax_id:
            _add(identity, "KodKraju", buyer.country)
            _add(identity, "NrID", buyer.tax_id, 50)
        else:
            _add(identity, "BrakID", _YES)
        _add(identity, "Nazwa", buyer.name, _LONGER)
        _address(at, buyer)
        _email(at, buyer)
        # Neither a unit of a local government nor a member of a VAT group, as far as is known.
        _add(at, "JST", _NO)
        _add(at, "GV", _NO)

    def _invoice(self, at: etree._Element) -> None:
        document = self._document
        _add(at, "KodWaluty", document.currency)
        _add(at, "P_1", document.issued_on.isoformat())
        _add(at, "P_2", document.number)
        period = _add(at, "OkresFa")
        starts = (document.period.start, *(line.period.start for line in document.lines))
        _add(period, "P_6_Od", min(starts).isoformat())
        _add(period, "P_6_Do", document.period.last.isoformat())
        self._sums(at)
        _add(at, "P_15", self._amount(document.total))
        self._annotations(_add(at, "Adnotacje"))
        _add(at, "RodzajFaktury", "KOR" if _is_correction(document) else "VAT")
        if _is_correction(document):
            self._corrected(at)
        for number, line in enumerate(document.lines, start=1):
            self._line(_add(at, "FaWiersz"), number, line)
        self._payment(at)
        self._terms(at)

    def _sums(self, at: etree._Element) -> None:
        """Add the sums by rate: net, and where tax is due that, also in zloty."""
        net: dict[str, Decimal] = defaultdict(Decimal)
        tax: dict[str, Decimal] = defaultdict(Decimal)
        zloty: dict[str, Decimal] = defaultdict(Decimal)
        has_tax = set()
        in_zloty = self._in_zloty or [Decimal(0)] * len(self._document.taxes)
        for each, converted in zip(self._document.taxes, in_zloty, strict=True):
            field = self._field_of(each)
            net[field.number] += each.net
            tax[field.number] += each.amount
            zloty[field.number] += converted
            if field.has_tax:
                has_tax.add(field.number)
        for number in sorted(net, key=_ORDER.index):
            _add(at, f"P_13_{number}", self._amount(net[number]))
            if number in has_tax:
                _add(at, f"P_14_{number}", self._amount(tax[number]))
                if self._document.currency != CURRENCY:
                    _add(at, f"P_14_{number}W", self._amount(zloty[number]))

    def _annotations(self, at: etree._Element) -> None:
        categories = {tax.category for tax in self._document.taxes}
        is_turned = TaxCategory.REVERSE_CHARGE in categories
        _add(at, "P_16", _NO)
        _add(at, "P_17", _NO)
        _add(at, "P_18", _YES if is_turned else _NO)
        _add(at, "P_18A", _NO)
        exemption = _add(at, "Zwolnienie")
        reasons = [tax.reason for tax in self._document.taxes if tax.category is TaxCategory.EXEMPT]
        if reasons:
            _add(exemption, "P_19", _YES)
            _add(exemption, _field_of_reason(reasons[0]), "; ".join(reasons), _LONG)
        else:
            _add(exemption, "P_19N", _YES)
        _add(_add(at, "NoweSrodkiTransportu"), "P_22N", _YES)
        _add(at, "P_23", _NO)
        _add(_add(at, "PMarzy"), "P_PMarzyN", _YES)

    def _corrected(self, at: etree._Element) -> None:
        document = self._document
        for each in [document.cancels] if document.cancels else document.corrects:
            corrected = _add(at, "DaneFaKorygowanej")
            _add(corrected, "DataWystFaKorygowanej", each.issued_on.isoformat())
            _add(corrected, "NrFaKorygowanej", each.number)
            # The number that KSeF has given it is not known here.
            _add(corrected, "NrKSeFN", _YES)

    def _line(self, at: etree._Element, number: int, line: DocumentLine) -> None:
        item = f"{item_of(line)}, {dates_of(line.period)}"
        field = _field(self._document, line.tax_category, line.tax_percent)
        assert field is not None
        _add(at, "NrWierszaFa", str(number))
        _add(at, "P_7", item, _LONGER)
        _add(at, "P_8A", _MONTH if line.is_by_month else _PIECE)
        _add(at, "P_8B", _number(self._sign * line.quantity))
        _add(at, "P_9A", _number(line.price))
        _add(at, "P_11", self._amount(line.amount))
        _add(at, "P_12", field.rate)

    def _payment(self, at: etree._Element) -> None:
        document = self._document
        if document.kind is not Kind.INVOICE or not document.total:
            return
        payment = _add(at, "Platnosc")
        if document.due_on:
            _add(_add(payment, "TerminPlatnosci"), "Termin", document.due_on.isoformat())
        account = "".join(document.account.number.split())
        if not 10 <= len(account) <= 34:
            return
        _add(payment, "FormaPlatnosci", _TRANSFER)
        bank = _add(payment, "RachunekBankowy")
        _add(bank, "NrRB", account)
        if len(document.account.bic) in (8, 11):
            _add(bank, "SWIFT", document.account.bic)
        if document.account.bank:
            _add(bank, "NazwaBanku", document.account.bank, _LONG)

    def _terms(self, at: etree._Element) -> None:
        if contract := self._document.buyer_reference:
            _add(_add(_add(at, "WarunkiTransakcji"), "Umowy"), "NrUmowy", contract, _LONG)

    def _field_of(self, tax: TaxSubtotal) -> Field:
        field = _field(self._document, tax.category, tax.percent)
        assert field is not None
        return field

    def _amount(self, amount: Decimal) -> str:
        return f"{self._sign * amount + 0:.{_PLACES}f}"


def _address(at: etree._Element, party: Party) -> None:
    address = _add(at, "Adres")
    _add(address, "KodKraju", party.country)
    place = f"{party.postal_code} {party.city}".strip()
    lines: Iterable[str] = filter(None, (party.street, place))
    for number, line in enumerate(lines, start=1):
        _add(address, f"AdresL{number}", line, _LONGER)


def _email(at: etree._Element, party: Party) -> None:
    if "@" in party.email and len(party.email) <= 255:
        _add(_add(at, "DaneKontaktowe"), "Email", party.email)


def _field_of_reason(reason: str) -> str:
    """Return the field of a reason for exemption: the act, the directive, or another law."""
    lower = reason.lower()
    if "2006/112" in lower:
        return "P_19B"
    return "P_19A" if "ustaw" in lower else "P_19C"


def _number(number: Decimal) -> str:
    """Return a number without zeros at its end, and without a sign if it is 0."""
    return f"{number.normalize() + 0:f}"


def _add(at: etree._Element, name: str, text: str = "", most: int = 0) -> etree._Element:
    """Add an element, whose text is a token of up to `most` characters."""
    from lxml import etree

    element = etree.SubElement(at, f"{{{NAMESPACE}}}{name}")
    if text:
        token = " ".join(storable(text).split())
        element.text = token[:most].rstrip() if most else token
    return element
