"""Identifiers of parties in electronic invoices: schemes by code, and how each is checked.

Electronic addresses have a scheme of the code list EAS, legal IDs one of ISO 6523 (ICD). The codes
are those of the rules of EN 16931 1.3.16 (BR-CL-25). python-stdnum has the check digits of most.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from stdnum import ean, iban, lei, luhn
from stdnum.au import abn
from stdnum.be import vat as be_vat
from stdnum.ch import uid as ch_uid
from stdnum.de import leitweg
from stdnum.dk import cvr
from stdnum.ee import registrikood
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError as InvalidNumber
from stdnum.fi import alv, ytunnus
from stdnum.fr import siren, siret
from stdnum.is_ import kennitala
from stdnum.it import codicefiscale, iva
from stdnum.jp import cn
from stdnum.no import orgnr
from stdnum.se import orgnr as se_orgnr

EMAIL = "EM"
LEITWEG = "0204"


class Scheme(NamedTuple):
    """A scheme: the name in its code list, and a function that returns an ID as it is stated.

    The function raises an error of python-stdnum. Without one, any ID is accepted.
    """

    name: str
    checked: Callable[[str], str] | None = None


def _by(module: Any) -> Callable[[str], str]:
    """Return a check by a module of python-stdnum that states the compact number."""
    return lambda text: str(module.validate(text))


def _as_typed(module: Any) -> Callable[[str], str]:
    """Return a check by a module of python-stdnum that keeps prefixes and signs."""

    def checked(text: str) -> str:
        module.validate(text)
        return _compact(text)

    return checked


def _like(pattern: str) -> Callable[[str], str]:
    def checked(text: str) -> str:
        compact = _compact(text)
        if not re.fullmatch(pattern, compact):
            raise InvalidNumber
        return compact

    return checked


def _vat_of(prefix: str) -> Callable[[str], str]:
    """Return a check of VAT numbers of a member state of the European Union, with its prefix."""

    def checked(text: str) -> str:
        compact = _compact(text).replace(".", "").replace("-", "")
        if not compact.startswith(prefix):
            raise InvalidNumber
        eu_vat.validate(compact)
        return compact

    return checked


def _gln(text: str) -> str:
    number = str(ean.validate(text))
    if len(number) != 13:
        raise InvalidNumber
    return number


def _japanese(text: str) -> str:
    compact = _compact(text)
    if not compact.startswith("T"):
        raise InvalidNumber
    cn.validate(compact[1:])
    return compact


def _french(text: str) -> str:
    """Check an address in the French directory, which begins with the nine digits of a SIREN."""
    compact = _compact(text)
    if not re.fullmatch(r"\d{9}(_\S+)?", compact):
        raise InvalidNumber
    luhn.validate(compact[:9])
    return compact


def _address(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError as error:
        raise InvalidNumber from error
    return text


def _compact(text: str) -> str:
    return "".join(text.split()).upper()


# The prefix of VAT numbers of member states, by scheme.
_VAT = {
    **{"9910": "HU", "9914": "AT", "9920": "ES", "9925": "BE", "9926": "BG", "9928": "CY"},
    **{"9929": "CZ", "9930": "DE", "9931": "EE", "9933": "EL", "9934": "HR", "9935": "IE"},
    **{"9937": "LT", "9938": "LU", "9939": "LV", "9943": "MT", "9944": "NL", "9945": "PL"},
    **{"9946": "PT", "9947": "RO", "9949": "SI", "9950": "SK", "9957": "FR"},
}
_OTHER_VAT = {
    **{"9922": "AD", "9923": "AL", "9924": "BA", "9927": "CH", "9932": "GB", "9936": "LI"},
    **{"9940": "MC", "9941": "ME", "9942": "MK", "9948": "RS", "9951": "SM", "9952": "TR"},
    "9953": "VA",
}
SCHEMES: dict[str, Scheme] = {
    "0002": Scheme("SIREN", _by(siren)),
    "0007": Scheme("Organisationsnummer (SE)", _by(se_orgnr)),
    "0009": Scheme("SIRET", _by(siret)),
    "0037": Scheme("LY-tunnus (FI)"),
    "0060": Scheme("DUNS", _like(r"\d{9}")),
    "0088": Scheme("GLN", _gln),
    "0096": Scheme("P-nummer (DK)", _like(r"\d{10}")),
    "0097": Scheme("Ediforum (IT)"),
    "0106": Scheme("KVK (NL)", _like(r"\d{8}")),
    "0130": Scheme("European Commission"),
    "0135": Scheme("SIA (IT)"),
    "0142": Scheme("SECETI (IT)"),
    "0147": Scheme("Standard Company Code (JP)"),
    "0151": Scheme("ABN (AU)", _by(abn)),
    "0154": Scheme("IČO (CZ)", _like(r"\d{8}")),
    "0158": Scheme("IČO (SK)", _like(r"\d{6,8}")),
    "0170": Scheme("Teikoku (JP)"),
    "0177": Scheme("Odette"),
    "0183": Scheme("UID (CH)", _as_typed(ch_uid)),
    "0184": Scheme("CVR (DK)", _as_typed(cvr)),
    "0188": Scheme("Corporate Number (JP)", _by(cn)),
    "0190": Scheme("OIN (NL)", _like(r"\d{20}")),
    "0191": Scheme("Registrikood (EE)", _by(registrikood)),
    "0192": Scheme("Organisasjonsnummer (NO)", _by(orgnr)),
    "0193": Scheme("UBL.BE"),
    "0194": Scheme("KOIOS"),
    "0195": Scheme("UEN (SG)"),
    "0196": Scheme("Kennitala (IS)", _by(kennitala)),
    "0198": Scheme("SE-nummer (DK)", _as_typed(cvr)),
    "0199": Scheme("LEI", _by(lei)),
    "0200": Scheme("Juridinio asmens kodas (LT)", _like(r"\d{7}|\d{9}")),
    "0201": Scheme("iPA (IT)", _like("[0-9A-Z]{6}")),
    "0202": Scheme("PEC (IT)", _address),
    "0203": Scheme("eDelivery"),
    LEITWEG: Scheme("Leitweg-ID", _as_typed(leitweg)),
    "0205": Scheme("CODDEST (IT)", _like("[0-9A-Z]{7}")),
    "0208": Scheme("Ondernemingsnummer / numéro d’entreprise (BE)", _by(be_vat)),
    "0209": Scheme("GS1"),
    "0210": Scheme("Codice fiscale (IT)", _as_typed(codicefiscale)),
    "0211": Scheme("Partita IVA (IT)", _as_typed(iva)),
    "0212": Scheme("Y-tunnus (FI)", _as_typed(ytunnus)),
    "0213": Scheme("ALV (FI)", _as_typed(alv)),
    "0215": Scheme("Net service ID (FI)"),
    "0216": Scheme("OVT (FI)"),
    "0217": Scheme("KVK-vestiging (NL)", _like(r"\d{12}")),
    "0218": Scheme("Vienotais reģistrācijas numurs (LV)", _like(r"\d{11}")),
    "0219": Scheme("Nodokļu maksātājs (LV)"),
    "0220": Scheme("Fizisko personu reģistrs (LV)"),
    "0221": Scheme("Qualified invoice issuer (JP)", _japanese),
    "0225": Scheme("FRCTC", _french),
    "0230": Scheme("MyInvois (MY)"),
    "0235": Scheme("TIN (AE)"),
    "0240": Scheme("0240"),
    "0242": Scheme("OpenPeppol"),
    "0244": Scheme("0244"),
    "0245": Scheme("0245"),
    "0246": Scheme("0246"),
    "0248": Scheme("0248"),
    "9913": Scheme("Business Registers Network"),
    "9915": Scheme("AT:GOV"),
    "9918": Scheme("IBAN", _by(iban)),
    "9919": Scheme("AT:KUR"),
    **{code: Scheme(f"{'GR' if of == 'EL' else of}:VAT", _vat_of(of)) for code, of in _VAT.items()},
    **{code: Scheme(f"{of}:VAT") for code, of in _OTHER_VAT.items()},
    "9959": Scheme("EIN (US)"),
    "AN": Scheme("O.F.T.P."),
    "AQ": Scheme("X.400"),
    "AS": Scheme("AS2"),
    "AU": Scheme("FTP"),
    EMAIL: Scheme("Email", _address),
}
"""The schemes of electronic addresses, by the code of EAS."""

OFF_PEPPOL = frozenset({"AN", "AQ", "AS", "AU", EMAIL})
"""The schemes that name no participant of the Peppol network."""


def label_of(code: str) -> str:
    """Return a scheme as people choose it: its code and its name."""
    return " ".join(dict.fromkeys((code, SCHEMES[code].name)))


def endpoint_schemes() -> list[tuple[str, str]]:
    """Return the schemes of electronic addresses to choose from, after an empty choice."""
    return [("", "—"), *((code, label_of(code)) for code in sorted(SCHEMES))]


def legal_schemes() -> list[tuple[str, str]]:
    """Return the schemes of legal IDs, which are those of ISO 6523, after an empty choice."""
    return [each for each in endpoint_schemes() if not each[0] or each[0].startswith("0")]


def checked_identifier(scheme: str, text: str) -> str:
    """Return an identifier of a scheme as it is stated.

    Raises:
        ValidationError: it breaks the rules of the scheme, or is longer or has other characters
            than the scheme allows.
    """
    check = SCHEMES[scheme].checked
    if check is None or not text:
        return text.strip()
    try:
        return check(text.strip())
    except InvalidNumber as error:
        raise ValidationError(
            _("“%(text)s” is not a valid identifier of the scheme %(scheme)s. Check its digits."),
            params={"text": text, "scheme": label_of(scheme)},
        ) from error


_LEITWEG_FORM = re.compile(r"\d{2,12}-([0-9A-Za-z]{1,30}-)?\d{2}")


def checked_buyer_reference(text: str) -> str:
    """Return a buyer reference; one that has the form of a Leitweg-ID must have its check digits.

    Raises:
        ValidationError: the check digits (ISO 7064, mod 97-10) are wrong.
    """
    if not _LEITWEG_FORM.fullmatch(text) or leitweg.is_valid(text):
        return text
    raise ValidationError(
        _("“%(text)s” is not a valid Leitweg-ID: its last two digits do not match. Check it."),
        params={"text": text},
    )
