"""References have check digits that the standards prescribe, and never mean two invoices."""

import pytest
from stdnum import iso11649, luhn
from stdnum.be import ogm_vcs
from stdnum.ch import esr

from foundation.names import Names
from invoices.paying import references
from invoices.paying.references import (
    Form,
    PaymentReference,
    candidates_for,
    means,
    names_of,
    reference_for,
)
from invoices.paying.tests.transfers import (
    BELGIAN,
    BRITISH,
    FINNISH,
    GERMAN,
    NORWEGIAN,
    NUMBER,
    RUSSIAN,
    SWISS,
    SWISS_QR,
)

ACCOUNTS = (GERMAN, SWISS, SWISS_QR, BELGIAN, FINNISH, NORWEGIAN)


def reference(account: str, number: str = NUMBER, key: int = 123) -> PaymentReference:
    return reference_for(number=number, key=key, account=account)


@pytest.mark.parametrize(
    ("account", "form", "text", "printed"),
    [
        (GERMAN, Form.RF, "RF98INV2026000123", "RF98 INV2 0260 0012 3"),
        (BRITISH, Form.RF, "RF98INV2026000123", "RF98 INV2 0260 0012 3"),
        (SWISS, Form.RF, "RF98INV2026000123", "RF98 INV2 0260 0012 3"),
        (SWISS_QR, Form.SWISS, "0" * 23 + "1236", "00 00000 00000 00000 00000 01236"),
        (BELGIAN, Form.BELGIAN, "000000012326", "+++000/0000/12326+++"),
        (FINNISH, Form.FINNISH, "1000000001231", "100 00000 01231"),
        (NORWEGIAN, Form.NORWEGIAN, "1000000001239", "1000000001239"),
        (RUSSIAN, Form.NUMBER, NUMBER, NUMBER),
        ("12-34-56 12345678", Form.NUMBER, NUMBER, NUMBER),
        ("", Form.NUMBER, NUMBER, NUMBER),
    ],
)
def test_the_account_decides_the_form(account: str, form: Form, text: str, printed: str) -> None:
    found = reference(account)

    assert (found.form, found.text, found.printed) == (form, text, printed)


def test_an_account_may_have_spaces_and_small_letters() -> None:
    assert reference("de02 1203 0000 0000 2020 51") == reference(GERMAN)


@pytest.mark.parametrize("key", [1, 97, 970, 123, 9_999_999_999])
def test_check_digits_are_those_of_the_standards(key: int) -> None:
    texts = {each.form: each.text for each in (reference(a, key=key) for a in ACCOUNTS)}

    assert iso11649.is_valid(texts[Form.RF])
    assert esr.is_valid(texts[Form.SWISS])
    assert ogm_vcs.is_valid(texts[Form.BELGIAN])
    assert luhn.is_valid(texts[Form.NORWEGIAN])
    assert iso11649.is_valid(reference(FINNISH, key=key).in_rf)


# The examples of ISO 11649, of SIX, of Finance Finland, of the Norwegian banks and of stdnum.
def test_published_examples_have_these_check_digits() -> None:
    assert references._rf("539007547034") == "RF18539007547034"
    assert esr.calc_check_digit("21000000000313947143000901") == "7"
    assert references._finnish_check_digit("123456") == "1"
    assert luhn.calc_check_digit("234567") == "6"
    assert ogm_vcs.calc_check_digits("0108068171") == "83"


@pytest.mark.parametrize("account", ACCOUNTS)
def test_two_invoices_never_have_the_same_reference(account: str) -> None:
    # Without hyphens, some of these numbers are equal.
    numbers = ["A-1-2026-000001", "A1-2026-000001", "A/1-2026-000001", "A-12026-000001"]

    found = {reference(account, number, key).text for key, number in enumerate(numbers, 1)}

    assert len(found) == len(numbers)


def test_an_id_that_is_too_long_for_the_form_leaves_the_number() -> None:
    assert reference(BELGIAN, key=10**10).form is Form.NUMBER


@pytest.mark.parametrize("account", ACCOUNTS)
@pytest.mark.parametrize(
    "write",
    [
        lambda found: found.text,
        lambda found: found.printed,
        lambda found: found.stated,
        lambda found: found.in_rf or found.text,
        lambda found: f"invoice\n{found.printed[:9]} -\n{found.printed[9:]} thanks",
    ],
)
def test_a_payment_names_the_invoice_however_the_reference_is_written(
    account: str, write: object
) -> None:
    assert callable(write)
    names = Names((name, 123) for name in names_of(number=NUMBER, key=123, account=account))

    assert names.found_in(write(reference(account))) == [123]


@pytest.mark.parametrize("account", [BELGIAN, FINNISH, NORWEGIAN, SWISS_QR])
def test_a_longer_number_is_another_one(account: str) -> None:
    names = Names((name, 123) for name in names_of(number=NUMBER, key=123, account=account))

    assert names.found_in(f"{reference(account).text}5") == []


@pytest.mark.parametrize("account", ACCOUNTS)
@pytest.mark.parametrize("number", ["INV-2026-000123", "A1-2026-1000123", "N/V-2026-000123"])
@pytest.mark.parametrize("key", [1, 123, 9_999_999_999])
def test_a_reference_leads_to_its_invoice_however_it_is_written(
    account: str, number: str, key: int
) -> None:
    found = reference(account, number, key)

    for text in filter(None, (found.text, found.printed, found.printed.lower(), found.in_rf)):
        keys, numbers = candidates_for(text)
        assert key in keys or number in numbers
        assert means(text, number=number, key=key, account=account)
        assert not means(text, number="INV-2026-000999", key=999, account=account)


def test_a_number_needs_no_hyphens() -> None:
    keys, numbers = candidates_for("inv 2026 000123")

    assert (list(keys), list(numbers)) == ([], ["INV-2026-000123"])


@pytest.mark.parametrize(
    "text",
    ["", "RF", "RF98INV26", "Anna", "1" * 40, "\N{ARABIC-INDIC DIGIT ONE}" * 12],
)
def test_other_texts_lead_nowhere(text: str) -> None:
    assert candidates_for(text) == ([], [])
