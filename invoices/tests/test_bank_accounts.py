"""Account numbers and banks of countries that have no IBAN in SWIFT's registry, or none at all."""

import pytest
from django.core.exceptions import ValidationError
from stdnum.iso7064 import mod_97_10

from invoices.bank_accounts import checked_account, checked_bic


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("de02 1203 0000 0000 2020 51", "DE02120300000000202051"),
        # python-stdnum 2.2 knows only the countries of the registry.
        ("CI93 CI00 8011 1301 1342 9120 0589", "CI93CI0080111301134291200589"),
        ("MA64 0115 1900 0001 2050 0053 4921", "MA64011519000001205000534921"),
        ("dz580002100001113000000570", "DZ580002100001113000000570"),
        # The same account of Côte d’Ivoire as a RIB.
        ("CI008 01113 011342912005 89", "CI008 01113 011342912005 89"),
        ("SN0100152000048500003035", "SN0100152000048500003035"),
        ("50100012345678", "50100012345678"),
        ("12-34-56 12345678", "12-34-56 12345678"),
    ],
)
def test_accounts_that_are_accepted(typed: str, stored: str) -> None:
    assert checked_account(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "DE02120300000000202052",
        "CI94CI0080111301134291200589",
        "ZZ93CI0080111301134291200589",
        "CI008 01113 011342912005",
        "CI93",
        "",
        "an account",
    ],
)
def test_accounts_that_are_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        checked_account(typed)


def test_the_wrong_structure_of_a_registered_country_is_refused_whatever_its_check_digits() -> None:
    account = "1203000000002020"
    number = f"DE{mod_97_10.calc_check_digits(account + 'DE')}{account}"

    with pytest.raises(ValidationError):
        checked_account(number)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("BYLADEM1001", "BYLADEM1001"),
        ("hdfc0000001", "HDFC0000001"),
        ("SBIN0CORE01", "SBIN0CORE01"),
        ("044525225", "044525225"),
    ],
)
def test_banks_that_are_accepted(typed: str, stored: str) -> None:
    assert checked_bic(typed) == stored


@pytest.mark.parametrize("typed", ["HDFC1000001", "HDFC000000", "0HDF0000001", "BYLA"])
def test_banks_that_are_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        checked_bic(typed)
