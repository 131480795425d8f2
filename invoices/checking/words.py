"""The names of what a checked document states, and what came of the check, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from invoices.checking.problems import Problem
from invoices.checking.profiles import Profile, Syntax

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Names that are the same in every language.
PROFILES: dict[str, StrOrPromise] = {
    Profile.EN16931: "EN 16931",
    Profile.MINIMUM: "Factur-X MINIMUM",
    Profile.BASIC_WL: "Factur-X BASIC WL",
    Profile.BASIC: "Factur-X BASIC",
    Profile.EXTENDED: "Factur-X EXTENDED",
    Profile.XRECHNUNG: "XRechnung 3.0",
    Profile.PEPPOL: "Peppol BIS Billing 3",
    Profile.FRANCE: _("EN 16931 with the French rules (BR-FR, flux 2)"),
    Profile.FRANCE_EXTENDED: "EXTENDED-CTC-FR",
    Profile.FA3: "KSeF FA(3)",
}
SYNTAXES: dict[str, str] = {Syntax.CII: "CII", Syntax.UBL: "UBL", Syntax.FA: "FA(3)"}

PROBLEMS: dict[str, StrOrPromise] = {
    Problem.EMPTY: _("The file is empty. Choose another."),
    Problem.ARCHIVE: _(
        "The file is an archive, whatever its name says. Unpack it, and check the files in it."
    ),
    Problem.NEITHER: _("The file is neither XML nor PDF. Choose an electronic invoice."),
    Problem.NOT_WELL_FORMED: _(
        "The XML is not well-formed, so nothing in it can be read. Ask for the file again."
    ),
    Problem.DOCUMENT_TYPE: _(
        "The XML has a document type declaration, which no electronic invoice needs and which can "
        "do harm. It was not read further."
    ),
    Problem.UNKNOWN_ROOT: _(
        "The XML is not an electronic invoice in CII, UBL or FA(3): its first element is another."
    ),
    Problem.ENCRYPTED: _("The PDF is encrypted. Save it without a password, and check that."),
    Problem.BROKEN_PDF: _("The PDF is damaged and cannot be read. Ask for the file again."),
    Problem.NO_ATTACHMENT: _(
        "No XML is attached to the PDF, so it is not an electronic invoice such as Factur-X or "
        "ZUGFeRD."
    ),
    Problem.TOO_LARGE: _("The XML in the PDF is too large to be checked."),
    Problem.TOO_MUCH: _(
        "Checking this file needs more time or memory than is allowed, so it was stopped."
    ),
    Problem.OTHER_SYNTAX: _("This profile does not exist in the syntax of the document."),
}

SEVERITIES: dict[str, StrOrPromise] = {
    "fatal": pgettext_lazy("a rule that is broken", "Error"),
    "error": pgettext_lazy("a rule that is broken", "Error"),
    "warning": pgettext_lazy("a rule that is broken", "Warning"),
    "information": pgettext_lazy("a rule that is broken", "Note"),
}

GROUPS: dict[str, StrOrPromise] = {
    "BG-2": _("Document"),
    "BG-3": _("References"),
    "BG-4": _("Seller"),
    "BG-7": _("Buyer"),
    "BG-16": _("Payment"),
    "BG-22": _("Totals"),
}

_NAME, _STREET, _CITY = _("Name"), _("Street address"), _("City")
_POSTAL_CODE, _COUNTRY = _("Postal code"), _("Country")
_CONTACT, _PHONE, _EMAIL = _("Contact"), _("Telephone"), _("Email")
_TRADING, _ADDRESS = _("Trading name"), _("Electronic address")
_LEGAL, _VAT = _("Registration ID"), _("VAT number")

TERMS: dict[str, StrOrPromise] = {
    "BT-1": _("Number"),
    "BT-2": _("Date"),
    "BT-3": _("Document type"),
    "BT-5": _("Currency"),
    "BT-6": _("Currency of the tax"),
    "BT-9": _("Due"),
    "BT-10": _("Buyer reference"),
    "BT-11": _("Project"),
    "BT-12": _("Contract"),
    "BT-13": _("Purchase order"),
    "BT-20": _("Payment terms"),
    "BT-23": _("Business process"),
    "BT-24": _("Profile"),
    "BT-25": _("Earlier invoice"),
    "BT-26": _("Date of the earlier invoice"),
    "BT-27": _NAME,
    "BT-28": _TRADING,
    "BT-29": _("Seller ID"),
    "BT-30": _LEGAL,
    "BT-31": _VAT,
    "BT-32": _("Tax number"),
    "BT-34": _ADDRESS,
    "BT-35": _STREET,
    "BT-36": _STREET,
    "BT-37": _CITY,
    "BT-38": _POSTAL_CODE,
    "BT-40": _COUNTRY,
    "BT-41": _CONTACT,
    "BT-42": _PHONE,
    "BT-43": _EMAIL,
    "BT-44": _NAME,
    "BT-45": _TRADING,
    "BT-46": _("Buyer ID"),
    "BT-47": _LEGAL,
    "BT-48": _VAT,
    "BT-49": _ADDRESS,
    "BT-50": _STREET,
    "BT-51": _STREET,
    "BT-52": _CITY,
    "BT-53": _POSTAL_CODE,
    "BT-55": _COUNTRY,
    "BT-56": _CONTACT,
    "BT-57": _PHONE,
    "BT-58": _EMAIL,
    "BT-72": _("Delivered"),
    "BT-73": _("Period from"),
    "BT-74": _("Period to"),
    "BT-81": _("Means of payment"),
    "BT-83": _("Reference"),
    "BT-84": pgettext_lazy("in a bank", "Account"),
    "BT-85": _("Account holder"),
    "BT-86": _("BIC"),
    "BT-89": _("Mandate"),
    "BT-106": _("Sum of the lines"),
    "BT-107": _("Sum of discounts"),
    "BT-108": _("Sum of surcharges"),
    "BT-109": _("Total before tax"),
    "BT-110": _("Tax"),
    "BT-111": _("Tax in its currency"),
    "BT-112": _("Total with tax"),
    "BT-113": _("Already paid"),
    "BT-114": _("Rounding"),
    "BT-115": _("To pay"),
}
