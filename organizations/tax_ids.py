"""Tell VAT numbers from other tax IDs, and check both by the rules of those who issue them.

A tax ID is a VAT number if its prefix names an issuer whose rules it follows, whatever the address
of its holder: Monaco and Réunion have French ones, the Isle of Man British ones, and a company from
Switzerland can be registered in Germany. National IDs can begin with the same letters. They are
none, if the country of the address says so. python-stdnum has the rules.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from stdnum import get_cc_module
from stdnum.eu import vat
from stdnum.exceptions import ValidationError as InvalidNumber

# Greek VAT numbers start with EL, and those of Northern Ireland with XI.
_PREFIXES = {"EL", *(country.upper() for country in vat.MEMBER_STATES)}
_GREEK = {"GR": "EL"}
# Northern Ireland belongs to it for goods only.
_MEMBERS = {country.upper() for country in vat.MEMBER_STATES} - {"XI"}
# Issuers outside the European Union that write their prefix before their numbers.
_OTHER_ISSUERS = ("CH", "GB", "IS", "NO")
# Whose IDs the companies and people of a territory have.
_COUNTRY_OF_TERRITORY = {
    **dict.fromkeys(("BL", "GF", "GP", "MC", "MF", "MQ", "RE", "YT"), "FR"),
    "AX": "FI",
    "IM": "GB",
}
# IDs of people and companies beside those that stdnum finds by kind.
_FURTHER = {
    "BR": ("cpf",),
    "DE": ("idnr", "stnr"),
    "ES": ("dni", "nie"),
    "FR": ("nif", "siren", "siret"),
    "GB": ("utr",),
    "IN": ("pan",),
    "IT": ("codicefiscale",),
    "LI": ("peid",),
    "MD": ("idno",),
    "MX": ("curp",),
    "NO": ("orgnr",),
    "RO": ("cnp",),
    "UA": ("edrpou", "rntrc"),
}
_KINDS = ("vat", "tin", "businessid", "personalid")
# Fewer digits than any VAT number has, except for those of Romania.
_FEWEST_DIGITS = 6


class _Rules(NamedTuple):
    """The rules of a country: of the ID that VAT is charged under, and of its other IDs."""

    vat: Any
    others: tuple[Any, ...]


def checked_tax_id(text: str, country: str) -> str:
    """Return a tax ID as invoices show it, of somebody whose address is in `country` (or "").

    VAT numbers of the European Union are compacted, and Greek ones begin with EL. Others stay as
    they are, and so does text that is not known to be a VAT number.

    Raises:
        ValidationError: it begins like a VAT number, and is neither that nor an ID of the country.
    """
    compact = _compact(text)
    prefix = compact[:2]
    if _is_national(compact, country):
        return text
    if prefix in _PREFIXES:
        return _checked_vat(text, country)
    if prefix in _OTHER_ISSUERS and _has_digits(compact) and not _is_of(prefix, compact):
        raise _invalid(text)
    return text


def _checked_vat(text: str, country: str) -> str:
    try:
        number: str = vat.validate(text)
    except InvalidNumber as error:
        if country and not _rules_of(country).vat and not _has_digits(_compact(text)):
            return text
        raise _invalid(text) from error
    return _GREEK.get(number[:2], number[:2]) + number[2:]


def _invalid(text: str) -> ValidationError:
    return ValidationError(
        _(
            "“%(text)s” is not a valid VAT number. Check it against the "
            "company’s documents. If it is another kind of tax ID, enter it "
            "without “%(prefix)s” at the start."
        ),
        params={"text": text, "prefix": text[:2]},
    )


@lru_cache(maxsize=4096)
def vat_number(tax_id: str, country: str) -> str:
    """Return a tax ID if it is a VAT number by EN 16931, and otherwise an empty text.

    A VAT number begins with the code of its issuer (BR-CO-09), who need not be the country of the
    address.
    """
    compact = "".join(tax_id.split()).upper()
    if eu := eu_vat_number(tax_id, country):
        return eu
    prefix = compact[:2]
    if prefix in _PREFIXES or _is_national(compact, country):
        return ""
    is_own = prefix == country and _is_of(country, compact)
    return compact if is_own or (prefix in _OTHER_ISSUERS and _is_of(prefix, compact)) else ""


def eu_vat_number(tax_id: str, country: str) -> str:
    """Return a tax ID if it is a VAT number of the European Union, and otherwise an empty text.

    Its check digits were compared when it was entered.
    """
    compact = _compact(tax_id)
    prefix, rest = _GREEK.get(compact[:2], compact[:2]), compact[2:]
    if prefix not in _PREFIXES or _is_national(compact, country):
        return ""
    return prefix + rest if _has_digits(rest) or (prefix == "RO" and rest.isdecimal()) else ""


def is_member_state(country: str) -> bool:
    """Return whether a country, an ISO 3166 code, belongs to the VAT area of the Union.

    Monaco counts as French there (Directive 2006/112/EC, article 7). The overseas departments of
    France and the Åland Islands are outside (article 6), although their VAT numbers are not.
    """
    return member_state_of("", country) != ""


def member_state_of(tax_id: str, country: str) -> str:
    """Return the member state where somebody is registered for VAT, an ISO 3166 code, or "".

    It is the one that issued the VAT number, or else the one of the address.
    """
    issuer = eu_vat_number(tax_id, country)[:2]
    state = {"EL": "GR", "XI": "GB"}.get(issuer, issuer) or ("FR" if country == "MC" else country)
    return state if issuer or state in _MEMBERS else ""


def _compact(text: str) -> str:
    return "".join(filter(str.isalnum, text.upper()))


def _has_digits(compact: str) -> bool:
    return sum(map(str.isdecimal, compact)) >= _FEWEST_DIGITS


def _is_national(compact: str, country: str) -> bool:
    """Return whether a number is an ID of a country that is none for VAT with a prefix."""
    rules, issuer = _rules_of(country), _issuer_in(country)
    if rules.vat is None or not issuer:
        return any(each.is_valid(compact) for each in filter(None, (rules.vat, *rules.others)))
    if _GREEK.get(compact[:2], compact[:2]) == issuer and rules.vat.is_valid(compact):
        return False
    return any(each.is_valid(compact) for each in rules.others)


def _issuer_in(country: str) -> str:
    """Return the prefix of the VAT numbers of a country, or "" if they have none."""
    country = _COUNTRY_OF_TERRITORY.get(country, country)
    prefix = _GREEK.get(country, country)
    return prefix if prefix in _PREFIXES or prefix in _OTHER_ISSUERS else ""


def _is_of(country: str, compact: str) -> bool:
    """Return whether a number that begins with the code of a country is a VAT number of it."""
    module = _rules_of(country).vat
    if module is None:
        return _has_digits(compact)
    return bool(module.is_valid(compact[2:]) or module.is_valid(compact))


@lru_cache(maxsize=512)
def _rules_of(country: str) -> _Rules:
    country = _COUNTRY_OF_TERRITORY.get(country, country)
    if not country:
        return _Rules(None, ())
    vat_rule, *others = (
        get_cc_module(country, name) for name in (*_KINDS, *_FURTHER.get(country, ()))
    )
    return _Rules(vat_rule, tuple(filter(None, others)))
