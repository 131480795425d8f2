"""The EN 16931 XML of an invoice or a credit note, in the syntaxes CII and UBL.

BT and BG are the standard's names of terms and groups (EN 16931-1, section 6), BR of its rules.
"""

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext, override

from invoices.documents.accounting_tax import rate_note
from invoices.documents.contents import dates_of, item_of, payable
from invoices.documents.document import (
    Document,
    DocumentLine,
    Kind,
    Party,
    Reference,
    TaxSubtotal,
)
from invoices.documents.french import in_french_places, stated_in_french
from invoices.documents.profile_rules import (
    Syntax,
    places_of,
    rules_of,
    with_specification,
)
from invoices.documents.terms import in_words, structured
from invoices.documents.texts import in_each_text, storable
from organizations.billing.identifiers import EMAIL
from organizations.billing.profiles import XRECHNUNG, Profile
from organizations.countries import KOSOVO
from organizations.models import TaxCategory
from organizations.tax_ids import vat_number
from rating.agreement.lines import Section
from rating.currencies import known_currencies
from tariffs.currencies import syntaxes_without

# The maximum number of decimal places of an amount in any currency (BR-DEC).
MAX_DIGITS = 2

_TYPE_CODES = {Kind.INVOICE: "380", Kind.CREDIT_NOTE: "381"}
_CREDIT_TRANSFER = "30"
# Danish sellers may not use the general code (DK-R-005).
_SEPA_CREDIT_TRANSFER = "58"
_OFFSET = "97"
_UNDEFINED = "1"
_STANDING_AGREEMENT = "57"
_MONTH = "MON"
_PIECE = "C62"


class NotStatableError(Exception):
    """A document cannot be stated, because of its number, currency, decimals or profile."""


def can_state(document: Document, syntax: Syntax | None = None) -> bool:
    """Return whether a document can be stated in a syntax, or in the one that is sent.

    A preview has no number (BR-02), so it cannot; nor can a syntax that the profile does not have.
    """
    syntaxes = rules_of(document.profile).syntaxes
    return (
        bool(document.number)
        and (syntax or syntaxes[0]) in syntaxes
        and can_state_amounts(document, syntax)
    )


def can_state_amounts(document: Document, syntax: Syntax | None = None) -> bool:
    """Return whether the amounts of a document, which may be a preview, can be stated in a syntax.

    They cannot if they have more than two decimal places, for example in Kuwaiti dinars, or a
    currency that the syntax does not have. Without a syntax, it is the one that is sent.
    """
    syntax = syntax or rules_of(document.profile).syntaxes[0]
    tax = document.accounting_tax
    currencies = [document.currency, *([tax.currency] if tax else [])]
    return not any(syntax.name in syntaxes_without(each) for each in currencies) and all(
        amount == round(amount, MAX_DIGITS) for amount in _amounts(document)
    )


def stated(document: Document) -> bytes:
    """Return the document in the syntax of its profile that is sent.

    Raises:
        NotStatableError: `can_state` returns False.
    """
    return _generated(document, rules_of(document.profile).syntaxes[0])


def cii(document: Document) -> bytes:
    """Return the document in the syntax of Factur-X and ZUGFeRD, UN/CEFACT CII D16B.

    Raises:
        NotStatableError: `can_state` returns False, or the profile does not have this syntax.
    """
    return _generated(document, Syntax.CII)


def ubl(document: Document) -> bytes:
    """Return the document in the syntax of Peppol, UBL 2.1.

    Raises:
        NotStatableError: `can_state` returns False, or the profile does not have this syntax.
    """
    return _generated(document, Syntax.UBL)


def _generated(document: Document, syntax: Syntax) -> bytes:
    # With what it imports, it takes 20 MB, which a process that makes no document does not need.
    import facturx

    if not can_state(document, syntax):
        raise NotStatableError
    with override(document.language):
        stated = _stated(document)
        if french := document.french:
            stated = stated_in_french(french, document.seller, document.buyer, stated)
        contents = in_each_text(stated, storable)
    stand_ins = _stand_ins(contents)
    # The tests check against schema and schematron. Doing so here would take most of the time.
    xml: bytes = facturx.generate_xml(
        contents | stand_ins,
        flavor=syntax.value,
        level="en16931",
        check_xsd=False,
        check_schematron=False,
    )
    for term, stand_in in stand_ins.items():
        xml = re.sub(
            rb'(CurrencyCode>|currencyID=")' + stand_in.encode(),
            rb"\1" + contents[term].encode(),
            xml,
        )
    return with_specification(xml, document.profile)


def _stand_ins(stated: dict[str, Any]) -> dict[str, str]:
    """Return a currency to use in place of each that is withdrawn, by its term.

    factur-x 7.8 refuses what the package iso4217 does not have any more, although it takes nothing
    from there but the decimals. A document is stated as it was issued, whatever ISO withdraws.
    """
    known, used = known_currencies(), {stated["BT-5"], stated.get("BT-6")}
    found: dict[str, str] = {}
    for term in ("BT-5", "BT-6"):
        own = known.get(stated.get(term, ""))
        if own is not None and own.is_withdrawn:
            same = (
                each.code
                for each in known.values()
                if each.digits == own.digits and not each.is_withdrawn and each.code not in used
            )
            found[term] = next(same)
            used.add(found[term])
    return found


def _amounts(document: Document) -> Iterator[Decimal]:
    yield document.net
    yield from (tax.amount for tax in document.taxes)
    yield from (line.amount for line in document.lines)
    if document.accounting_tax:
        yield document.accounting_tax.amount


def _stated(document: Document) -> dict[str, Any]:
    digits = min(document.digits, MAX_DIGITS)
    lines = map(in_french_places, document.lines) if document.french else document.lines
    return {
        "BT-1": document.number,
        "BT-2": document.issued_on,
        "BT-3": _TYPE_CODES[document.kind],
        "BT-5": document.currency,
        **_buyers_references(document),
        "BT-23": rules_of(document.profile).process,
        "BG-4": _seller(document),
        "BG-7": _buyer(document),
        **_delivery(document),
        "BT-72": document.period.last,
        "BT-73": min((document.period.start, *(line.period.start for line in document.lines))),
        "BT-74": document.period.last,
        **_references(document),
        **_payment(document),
        "BG-23": [_tax(document.profile, tax, digits) for tax in document.taxes],
        "BG-25": [
            _line(document, number, line, digits) for number, line in enumerate(lines, start=1)
        ],
        **_totals(document, digits),
        **_accounting_tax(document),
    }


def _buyers_references(document: Document) -> dict[str, str]:
    """Return the references by term. Plain documents state the contract as the buyer's, too."""
    references, contract = document.references, document.buyer_reference
    is_strict = rules_of(document.profile).is_strict
    return {
        "BT-10": references.buyer_reference or ("" if is_strict else contract),
        "BT-11": references.project,
        "BT-12": references.contract or contract,
        "BT-13": references.order,
    }


def _totals(document: Document, digits: int) -> dict[str, str]:
    net, total = f"{document.net:.{digits}f}", f"{document.total:.{digits}f}"
    return {
        "BT-106": net,
        "BT-109": net,
        "BT-110": f"{document.tax_amount:.{digits}f}",
        "BT-112": total,
        "BT-115": total,
    }


def _accounting_tax(document: Document) -> dict[str, Any]:
    """Return the tax in the accounting currency (BR-53), and its rate, which has no term."""
    tax = document.accounting_tax
    if tax is None:
        return {}
    return {
        "BT-6": tax.currency,
        "BT-111": f"{tax.amount:.{min(tax.digits, MAX_DIGITS)}f}",
        "BG-1": [{"BT-22": rate_note(tax, document.language)}],
    }


def _party(party: Party) -> dict[str, Any]:
    """Return what both parties state. Without an electronic address, it is that of emails."""
    return {
        "name": party.name,
        "addr_l1": party.street,
        "postcode": party.postal_code,
        "city": party.city,
        "country_code": _country(party.country),
        "einvoicing_addr": party.endpoint or party.email,
        "einvoicing_addr_schemeid": party.endpoint_scheme if party.endpoint else EMAIL,
        **_legal_id(party),
    }


def _legal_id(party: Party) -> dict[str, str]:
    if not party.legal_id:
        return {}
    return {"legal_identifier": party.legal_id, "legal_identifier_schemeid": party.legal_scheme}


def _country(code: str) -> str:
    """Return a country by the code list of EN 16931, which has a code of its own for Kosovo."""
    return "1A" if code == KOSOVO else code


def _seller(document: Document) -> dict[str, Any]:
    seller = _party(document.seller) | _contact(document.seller)
    if vat_id := _vat_id(document, document.seller):
        return seller | {"vat_identifier": vat_id}
    tax_id = document.seller.tax_id
    # Without a VAT id, another id must identify the seller to machines (BR-CO-26).
    return {"legal_identifier": tax_id} | seller | {"tax_identifier": tax_id}


def _contact(seller: Party) -> dict[str, Any]:
    """Return whom to ask about a document (BG-6), if the seller has said so."""
    if not seller.contact_name and not seller.contact_phone:
        return {}
    contact = {"name": seller.contact_name, "phone": seller.contact_phone, "email": seller.email}
    return {"contacts": [contact]}


def _buyer(document: Document) -> dict[str, Any]:
    buyer = _party(document.buyer)
    if vat_id := _vat_id(document, document.buyer):
        return buyer | {"vat_identifier": vat_id}
    # The standard has no term for another tax id of a buyer, so state it as a registration id.
    return {"legal_identifier": document.buyer.tax_id} | buyer


def _delivery(document: Document) -> dict[str, Any]:
    """Return the country of delivery, which an intra-EU supply must state (BR-IC-12).

    Documents that were issued before it was stored have gone to the country of the buyer.
    """
    country = document.terms.delivery_country
    if not country and any(tax.category is TaxCategory.INTRA_EU for tax in document.taxes):
        country = document.buyer.country
    if not country:
        return {}
    buyer = document.buyer
    place = {"name": buyer.name, "country_code": _country(country)}
    if document.profile in XRECHNUNG and country == buyer.country:
        # An address of delivery must be whole (BR-DE-10, BR-DE-11).
        place |= {"city": buyer.city, "postcode": buyer.postal_code}
    return {"BG-13": place}


def _vat_id(document: Document, party: Party) -> str:
    """Return a party's VAT id, which starts with its issuer's code (BR-CO-09), or "".

    A document that is not subject to VAT must not state one (BR-O-02).
    """
    is_taxable = all(tax.category is not TaxCategory.NONE for tax in document.taxes)
    return vat_number(party.tax_id, party.country) if is_taxable else ""


def _references(document: Document) -> dict[str, Any]:
    earlier = _earlier(document)
    stated = [{"BT-25": each.number, "BT-26": each.issued_on} for each in earlier]
    return {"BG-3": stated} if stated else {}


def _earlier(document: Document) -> list[Reference]:
    """Return the invoices that a document cancels or corrects."""
    return [document.cancels] if document.cancels else [*document.corrects]


def _payment(document: Document) -> dict[str, Any]:
    if document.kind is Kind.CREDIT_NOTE:
        text = gettext("Offset against invoice %(number)s. Amounts already paid will be refunded.")
        return {
            "BT-20": text % {"number": _earlier(document)[0].number},
            **_means(document, _OFFSET),
        }
    stated: dict[str, Any] = {"BT-9": document.due_on, "BT-83": _remittance(document)}
    if not document.total:
        return {"BT-20": gettext("Nothing to pay"), **_means(document, _UNDEFINED)}
    if document.account.number:
        stated |= {
            "BT-81": _transfer(document),
            "BT-84": "".join(document.account.number.split()),
            "BT-85": document.seller.name,
            "BT-86": document.account.bic,
        }
    if terms := payment_terms(document):
        stated["BT-20"] = terms
    return stated


def _means(document: Document, code: str) -> dict[str, str]:
    """Return how nothing is paid, if the profile requires means of payment also there.

    XRechnung does (BR-DE-1), and Peppol of Dutch sellers, with few codes (NL-R-007, NL-R-008).
    """
    if document.profile is Profile.PEPPOL and document.seller.country == "NL":
        return {"BT-81": _STANDING_AGREEMENT}
    return {"BT-81": code} if document.profile in XRECHNUNG else {}


def _transfer(document: Document) -> str:
    is_danish = document.profile is Profile.PEPPOL and document.seller.country == "DK"
    return _SEPA_CREDIT_TRANSFER if is_danish else _CREDIT_TRANSFER


def payment_terms(document: Document) -> str:
    """Return the payment terms (BT-20) of an invoice to pay: in words, or as XRechnung wants."""
    if document.profile in XRECHNUNG:
        return structured(document.terms)
    return in_words(document.terms, payable(document))


def _remittance(document: Document) -> str:
    """Return what the payment is to state (BT-83): the reference without the spaces in it."""
    reference = document.payment_reference
    return reference.stated if reference else document.number


def _tax(profile: Profile, tax: TaxSubtotal, digits: int) -> dict[str, str | None]:
    percent = _percent(tax.category, tax.percent)
    if percent is None and profile in XRECHNUNG:
        # XRechnung requires a rate also of what is not subject to VAT (BR-DE-14).
        percent = "0"
    return {
        "BT-116": f"{tax.net:.{digits}f}",
        "BT-117": f"{tax.amount:.{digits}f}",
        "BT-118": tax.category,
        "BT-119": percent,
        "BT-120": tax.reason,
        "BT-121": tax.reason_code,
    }


def _percent(category: TaxCategory, percent: Decimal) -> str | None:
    """Return the rate of a tax, or None for what is not subject to VAT (BR-O-05)."""
    return None if category is TaxCategory.NONE else f"{percent:f}"


def _line(document: Document, number: int, line: DocumentLine, digits: int) -> dict[str, Any]:
    return {
        "BT-126": str(number),
        "BT-129": f"{line.quantity:f}",
        "BT-130": _MONTH if line.is_by_month else _PIECE,
        "BT-131": f"{line.amount:.{digits}f}",
        "BT-134": line.period.start,
        "BT-135": line.period.last,
        "BT-146": f"{line.price:f}",
        **_discount(line),
        "BT-151": line.tax_category,
        "BT-152": _percent(line.tax_category, line.tax_percent),
        "BT-153": _item(line),
        **_rounding(document.profile, line, digits),
    }


def _item(line: DocumentLine) -> str:
    return f"{item_of(line)}, {dates_of(line.period)}" if line.corrects else item_of(line)


def _discount(line: DocumentLine) -> dict[str, Any]:
    """Return the gross price and what the discount takes off it, if the line states them."""
    if line.discount is None:
        return {}
    discount = f"{line.discount.normalize():f}"
    return {"BT-147-00": [{"BT-147": discount}], "BT-148": f"{line.gross_price:f}"}


def _rounding(profile: Profile, line: DocumentLine, digits: int) -> dict[str, Any]:
    """Return the difference between an amount and its quantity times its price.

    Each camera's charge is rounded separately, and a fee once for its month, so the amount can
    differ from the rounded product. The line then states the difference as a charge (BG-28) or an
    allowance (BG-27), so that it adds up as the standard requires, at the agreed price.
    """
    unit = places_of(profile, digits, MAX_DIGITS)
    product = (line.quantity * line.price).quantize(unit, ROUND_HALF_UP)
    difference = (line.amount - product).quantize(unit)
    if not difference:
        return {}
    stated = {
        "amount": f"{abs(difference):f}",
        "reason": (
            gettext("Each camera’s charge is rounded separately")
            if line.section is Section.USAGE
            else gettext("Rounded once for the month")
        ),
    }
    return {"BG-28" if difference > 0 else "BG-27": [stated]}
