"""What a line pays: by numbers, contracts, tax ids and known accounts; never by a name."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from bank.models import BankLine, BankProposal, Why
from bank.posting import Part, post
from bank.proposing import propose
from bank.tests.factories import a_line
from invoices.documents.issued import document_of
from invoices.models import Invoice
from invoices.paying.references import Form, PaymentReference
from invoices.paying.tests.transfers import (
    BELGIAN,
    FINNISH,
    GERMAN,
    NORWEGIAN,
    SWISS,
    SWISS_QR,
)
from invoices.tests.factories import IN_NOVEMBER, SEPTEMBER, ProviderFactory, issued_invoice
from organizations.billing.models import BillingDetails

pytestmark = pytest.mark.django_db

ACCOUNT = "NL91ABNA0417164300"


def found() -> list[tuple[int, str, list[int], bool]]:
    propose(currency="EUR")
    return [
        (each.organization_id, each.why, each.invoices, each.is_certain)
        for each in BankProposal.objects.all()
    ]


@pytest.fixture
def invoice() -> Invoice:
    """An invoice for EUR 10.71."""
    return issued_invoice()


class TestCertain:
    def test_an_invoice_number_with_its_amount(self, invoice: Invoice) -> None:
        a_line(text=f"pays {invoice.number}")

        assert found() == [(invoice.organization_id, Why.NUMBER, [invoice.pk], True)]

    def test_several_numbers_with_their_sum(self, invoice: Invoice) -> None:
        earlier = issued_invoice(invoice.organization, SEPTEMBER)
        total = invoice.total + earlier.total
        a_line(f"{total:.2f}", f"{earlier.number} {invoice.number}")

        assert found() == [(invoice.organization_id, Why.NUMBER, [earlier.pk, invoice.pk], True)]

    def test_a_contract_number_with_the_sum_of_what_is_open(self, invoice: Invoice) -> None:
        invoice.organization.contract_number = "C-2026/17"
        invoice.organization.save()
        a_line(text="contract c 2026 17")

        assert found() == [(invoice.organization_id, Why.CONTRACT, [invoice.pk], True)]

    def test_a_tax_id_with_the_sum_of_what_is_open(self, invoice: Invoice) -> None:
        BillingDetails.objects.filter(organization=invoice.organization).update(
            tax_number="DE136695976"
        )
        a_line(text="VAT DE 136 695 976")

        assert found() == [(invoice.organization_id, Why.TAX_ID, [invoice.pk], True)]

    def test_an_account_that_has_paid_before(self, invoice: Invoice) -> None:
        first = a_line("1.00", account=ACCOUNT)
        part = Part(invoice.organization_id, Decimal(1), ())
        post(line_id=first.pk, parts=[part], now=IN_NOVEMBER, by=None)
        a_line(text="second", account=ACCOUNT)

        assert found() == [(invoice.organization_id, Why.PAYER, [invoice.pk], True)]


class TestReferences:
    """Each form of an invoice's reference, as banks hand it on."""

    @pytest.fixture(
        params=[GERMAN, SWISS, SWISS_QR, BELGIAN, FINNISH, NORWEGIAN],
        ids=["de", "ch", "qr", "be", "fi", "no"],
    )
    def paid_to(self, request: pytest.FixtureRequest) -> Invoice:
        """An invoice to be paid to an account of a country."""
        ProviderFactory.create(account_number=request.param)
        return issued_invoice()

    @staticmethod
    def reference_of(invoice: Invoice) -> PaymentReference:
        reference = document_of(invoice).payment_reference
        assert reference is not None
        return reference

    @pytest.mark.parametrize(
        "write",
        [
            lambda reference: reference.text,
            lambda reference: reference.text.rjust(20, "0"),
            lambda reference: reference.in_rf or reference.text,
        ],
        ids=["plain", "filled up", "as RF"],
    )
    def test_a_structured_reference_is_certain_if_the_amount_fits(
        self, paid_to: Invoice, write: Callable[[PaymentReference], str]
    ) -> None:
        reference = self.reference_of(paid_to)
        # Only these have no fixed length.
        is_filled_up = reference.form in (Form.FINNISH, Form.NORWEGIAN)
        written = write(reference) if is_filled_up else reference.text
        line = a_line()
        BankLine.objects.filter(pk=line.pk).update(references=[written])

        assert found() == [(paid_to.organization_id, Why.NUMBER, [paid_to.pk], True)]

    def test_it_is_found_in_a_text(self, paid_to: Invoice) -> None:
        a_line(text=f"Rechnung {self.reference_of(paid_to).printed} danke")

        assert found() == [(paid_to.organization_id, Why.NUMBER, [paid_to.pk], True)]

    def test_another_amount_is_not_certain(self, paid_to: Invoice) -> None:
        a_line("10.70", self.reference_of(paid_to).printed)

        assert found() == [(paid_to.organization_id, Why.NUMBER, [paid_to.pk], False)]

    def test_a_payment_entered_by_hand_pays_what_its_reference_names(
        self, paid_to: Invoice
    ) -> None:
        later = issued_invoice(paid_to.organization, SEPTEMBER)
        line = a_line("10.71", self.reference_of(later).printed)

        (payment,) = post(
            line_id=line.pk,
            parts=[Part(paid_to.organization_id, Decimal("10.71"))],
            now=IN_NOVEMBER,
            by=None,
        )

        assert [each.invoice_id for each in payment.allocations.all()] == [later.pk]


class TestUncertain:
    def test_another_amount(self, invoice: Invoice) -> None:
        a_line("10.70", invoice.number)

        assert found() == [(invoice.organization_id, Why.NUMBER, [invoice.pk], False)]

    def test_what_was_ordered_in_another_currency(self, invoice: Invoice) -> None:
        line = a_line(text=invoice.number)
        BankLine.objects.filter(pk=line.pk).update(instructed="12.00 USD")

        assert found() == [(invoice.organization_id, Why.NUMBER, [invoice.pk], False)]

    def test_numbers_of_several_organizations(self, invoice: Invoice) -> None:
        other = issued_invoice()
        a_line("21.42", f"{invoice.number} {other.number}")

        assert {(pk, is_certain) for pk, _why, _ids, is_certain in found()} == {
            (invoice.organization_id, False),
            (other.organization_id, False),
        }

    def test_a_number_and_the_contract_of_another(self, invoice: Invoice) -> None:
        other = issued_invoice()
        other.organization.contract_number = "C-2026/17"
        other.organization.save()
        a_line(text=f"{invoice.number} C-2026/17")

        assert [is_certain for *_, is_certain in found()] == [False, False]


class TestNothing:
    def test_a_name_alone_says_nothing(self, invoice: Invoice) -> None:
        a_line(text="thanks", name=invoice.buyer_name)

        assert found() == []

    def test_money_that_left_the_account_pays_nothing(self, invoice: Invoice) -> None:
        a_line(text=invoice.number, mark="DBIT")

        assert found() == []


def test_lines_are_matched_again(invoice: Invoice) -> None:
    a_line(text=invoice.number)

    assert found() == found()
    assert len(found()) == 1
