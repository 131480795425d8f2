"""VAT numbers are told from national IDs by the rules of their issuers; python-stdnum 2.2 has them.

stdnum takes GR and EL for one Greek number and returns what was given. EN 16931 wants EL.
"""

import pytest
from django.core.exceptions import ValidationError

from organizations.tax_ids import checked_tax_id, eu_vat_number, vat_number


@pytest.mark.parametrize(
    ("country", "typed", "stored", "vat_id"),
    [
        ("DE", "de 136 695 976", "DE136695976", "DE136695976"),
        # Greece, whichever prefix was typed.
        ("GR", "GR 094259216", "EL094259216", "EL094259216"),
        ("GR", "el094259216", "EL094259216", "EL094259216"),
        # Registered in another country than that of the address.
        ("CH", "DE136695976", "DE136695976", "DE136695976"),
        ("US", "FR40303265045", "FR40303265045", "FR40303265045"),
        ("DE", "CHE-107.787.577 MWST", "CHE-107.787.577 MWST", "CHE-107.787.577MWST"),
        # Territories have the numbers of another country.
        ("MC", "FR40303265045", "FR40303265045", "FR40303265045"),
        ("RE", "FR40303265045", "FR40303265045", "FR40303265045"),
        ("GP", "FR40303265045", "FR40303265045", "FR40303265045"),
        ("IM", "GB 980 7806 84", "GB 980 7806 84", "GB980780684"),
        ("GB", "XI 980 7806 84", "XI980780684", "XI980780684"),
        ("NO", "NO 995 525 828 MVA", "NO 995 525 828 MVA", "NO995525828MVA"),
        ("LI", "CHE-107.787.577 MWST", "CHE-107.787.577 MWST", "CHE-107.787.577MWST"),
        # Romania has the shortest ones.
        ("RO", "RO 18547290", "RO18547290", "RO18547290"),
        ("RO", "RO19", "RO19", "RO19"),
        ("BE", "BE 0428 759 497", "BE0428759497", "BE0428759497"),
        ("ES", "ES B58378431", "ESB58378431", "ESB58378431"),
    ],
)
def test_a_number_is_for_vat_if_its_issuer_says_so(
    country: str, typed: str, stored: str, vat_id: str
) -> None:
    assert checked_tax_id(typed, country) == stored
    assert vat_number(stored, country) == vat_id


@pytest.mark.parametrize(
    ("country", "number"),
    [
        # People in Mexico, Italy and India, whose names give the first letters.
        ("MX", "ROGJ800101AB1"),
        ("MX", "MXAA800101AB1"),
        ("IT", "FRNMRA80A01F205J"),
        ("IN", "INDPL1234C"),
        ("IN", "DEAPL1234C"),
        ("US", "12-3456789"),
        ("RU", "7707083893"),
        ("RU", "ИНН 7707083893"),
        ("DE", "181/815/08155"),
        # A country whose rules are not known.
        ("NG", "RO-A1"),
        ("", "12-3456789"),
    ],
)
def test_national_ids_are_none_for_vat(country: str, number: str) -> None:
    assert checked_tax_id(number, country) == number
    assert vat_number(number, country) == ""


@pytest.mark.parametrize(
    ("country", "typed"),
    [
        ("DE", "DE123456789"),
        ("", "DE123456789"),
        ("NG", "DE123456789"),
        # Neither one of Romania nor one of Mexico.
        ("MX", "ROGJ801301AB1"),
        ("IT", "FRNMRA80A01F205D"),
        ("FR", "FR1"),
        ("GB", "GB123456789"),
        ("DE", "de"),
    ],
)
def test_what_follows_no_rules_is_refused(country: str, typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        checked_tax_id(typed, country)

    assert f"“{typed}” is not a valid VAT number." in refused.value.messages[0]


def test_an_intra_eu_supply_needs_a_number_of_the_union() -> None:
    assert eu_vat_number("XI980780684", "GB") == "XI980780684"
    assert eu_vat_number("GB980780684", "GB") == ""
    assert eu_vat_number("CHE-107.787.577 MWST", "CH") == ""
    assert eu_vat_number("", "DE") == ""
