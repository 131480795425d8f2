"""Check the numbers of bank accounts and banks."""

from __future__ import annotations

import re
from enum import StrEnum
from itertools import cycle

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from stdnum import bic, iban, numdb
from stdnum.exceptions import ValidationError as InvalidNumber
from stdnum.iso7064 import mod_97_10

from organizations.countries import country_codes

_OTHER_NUMBER = re.compile(r"\d+([ /-]\d+)*", re.ASCII)
# Relevé d'identité bancaire of the countries whose central bank is the BCEAO: bank with the country
# before it, branch, account, key.
_RIB = re.compile(r"[A-Z]{2}\d{3}[ -]?\d{5}[ -]?[A-Z\d]{12}[ -]?\d{2}", re.ASCII)
_UNREGISTERED_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z\d]{11,30}", re.ASCII)
# The Reserve Bank of India gives each branch a code: its bank, a zero, the branch.
_IFSC = re.compile(r"[A-Z]{4}0[A-Z\d]{6}", re.ASCII)
_BIK = re.compile(r"\d{9}", re.ASCII)
_RUSSIAN_ACCOUNT = re.compile(r"\d{20}", re.ASCII)


class BankCode(StrEnum):
    """What a bank is identified by."""

    BIC = "BIC"
    BIK = "BIK"
    IFSC = "IFSC"


def checked_account(text: str) -> str:
    """Return an account number: a compact IBAN, or another number in digits, unchanged.

    Some countries use IBANs without being in the registry that SWIFT keeps. The length of theirs
    is not known, but their check digits are. A RIB of West Africa, with the country before the
    digits of the bank, is another number.

    Raises:
        ValidationError: the text is neither a valid IBAN nor such a number.
    """
    if _OTHER_NUMBER.fullmatch(text) or _RIB.fullmatch(text.upper()):
        return text
    if _is_unregistered_iban(compact := iban.compact(text)):
        return compact
    try:
        return iban.validate(text)
    except InvalidNumber as error:
        raise _not_an_account(text) from error


def _is_unregistered_iban(compact: str) -> bool:
    """Return whether text is an IBAN of a country that is not in SWIFT's registry."""
    return (
        _UNREGISTERED_IBAN.fullmatch(compact) is not None
        and compact[:2] in country_codes()
        and not numdb.get("iban").info(compact)[0][1]
        and mod_97_10.is_valid(compact[4:] + compact[:4])
    )


def _not_an_account(text: str) -> ValidationError:
    return ValidationError(
        _("This IBAN is not valid. Check it against your bank statement.")
        if text[:1].isalpha()
        else _(
            "Enter an IBAN or, if your bank does not use IBANs, the digits of the account number."
        )
    )


def checked_bic(text: str) -> str:
    """Return a bank's BIC, its Russian BIK of nine digits, or its Indian IFSC in capitals.

    Raises:
        ValidationError: the text is neither.
    """
    if is_bik(text):
        return text
    if kind_of(text) is BankCode.IFSC:
        return text.upper()
    try:
        return bic.validate(text)
    except InvalidNumber as error:
        raise ValidationError(
            _(
                "This BIC is not valid. A BIC has 8 or 11 letters and digits, for "
                "example BYLADEM1001. A Russian BIK has 9 digits. An Indian IFSC has 11 letters "
                "and digits, with a 0 in the fifth place."
            )
        ) from error


def is_bik(text: str) -> bool:
    """Return whether a bank identifier is a Russian BIK."""
    return kind_of(text) is BankCode.BIK


def kind_of(text: str) -> BankCode:
    """Return what an identifier of a bank is; a text that is none counts as a BIC."""
    if _BIK.fullmatch(text):
        return BankCode.BIK
    return BankCode.IFSC if _IFSC.fullmatch(text.upper()) else BankCode.BIC


def check_russian_account(account: str, bik: str) -> None:
    """Check by its check digit that an account belongs to the bank with this BIK.

    The rule is No 515 of the Bank of Russia, of 1997-09-08. The account number is prefixed with
    the last three digits of the BIK, or, for the central bank, with 0 and the fifth and sixth
    digits. The digits are weighted 7, 1, 3 in turn, and the weighted sum must end in 0.

    Raises:
        ValidationError: the account does not have 20 digits or does not match the BIK.
    """
    of_central_bank = bik[6:8] == "00"
    digits = (f"0{bik[4:6]}" if of_central_bank else bik[6:]) + account
    # Check first that the account consists of digits: `_weighed` fails for other characters.
    if not _RUSSIAN_ACCOUNT.fullmatch(account) or _weighed(digits) % 10:
        raise ValidationError(
            _(
                "This account number does not match the BIK. It must have 20 digits. "
                "Check both numbers."
            )
        )


def check_correspondent_account(account: str, bik: str) -> None:
    """Check by its check digit that a correspondent account is that of the bank with this BIK.

    The rule is that of `check_russian_account` for accounts at the central bank. The account ends
    with the last three digits of the BIK.

    Raises:
        ValidationError: it is not, or the bank has no BIK.
    """
    if not (
        is_bik(bik)
        and _RUSSIAN_ACCOUNT.fullmatch(account)
        and account.startswith("301")
        and account.endswith(bik[6:])
        and _weighed(f"0{bik[4:6]}{account}") % 10 == 0
    ):
        raise ValidationError(
            _(
                "This is not the correspondent account of the bank with this BIK. It has 20 "
                "digits, begins with 301 and ends like the BIK. Leave it empty outside Russia."
            )
        )


def _weighed(digits: str) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, cycle((7, 1, 3)), strict=False))
