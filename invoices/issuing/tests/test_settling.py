"""Tests of settling differences: now, or with the next invoice."""

import csv
import gzip
import io
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pgtrigger
import pytest

from invoices.differences import checking, settlement
from invoices.differences.comparison import Comparison, compare
from invoices.differences.models import Correction, DeferredCorrection, InvoiceDifference, Recheck
from invoices.differences.settlement import settlement_of
from invoices.documents import xml
from invoices.documents.frozen_charges import rows_of
from invoices.documents.issued import document_of
from invoices.documents.tests.schematron import violations
from invoices.issuing import operations, settling
from invoices.issuing.refusals import (
    AlreadyCancelled,
    CreditedInFull,
    HasCorrections,
    NotAnInvoice,
    NothingToSettle,
    PreviewOutdated,
    Unpriced,
)
from invoices.models import FrozenCharges, Invoice, OpenItem
from invoices.sending.models import Delivery
from invoices.tests.factories import (
    IN_NOVEMBER,
    OCTOBER,
    SEPTEMBER,
    BilledUseFactory,
    issued_invoice,
)
from organizations.models import BillingDetails, TaxCategory, TaxPercent
from organizations.tests.factories import a_tax
from payments.tests.factories import a_payment
from tariffs.tests.factories import TariffFactory, TariffPriceFactory
from usage.models import UsageInterval
from usage.statements.charge_rows import EXPORT_COLUMNS
from usage.tests.factories import UsageIntervalFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def use() -> UsageInterval:
    return BilledUseFactory.create(camera__name="gate-1")


@pytest.fixture
def invoice(use: UsageInterval) -> Invoice:
    return issued_invoice(use.organization, SEPTEMBER)


def end(use: UsageInterval, day: int) -> None:
    """End use on a day of September."""
    UsageInterval.objects.filter(pk=use.pk).update(ended_at=datetime(2026, 9, day, tzinfo=UTC))


def check() -> None:
    for pk in checking.waiting_organizations():
        checking.check(organization_id=pk, now=IN_NOVEMBER)


def settle(*invoices: Invoice) -> list[Invoice]:
    settlements = settling.settlements_of(
        settling.invoices_to_settle([each.pk for each in invoices]), IN_NOVEMBER
    )
    return settling.settle_now(
        invoice_ids=[each.pk for each in invoices],
        now=IN_NOVEMBER,
        by=None,
        shown={each.invoice.pk: each.version for each in settlements},
    )


def defer(*invoices: Invoice) -> None:
    check()
    settling.defer(invoice_ids=[each.pk for each in invoices], now=IN_NOVEMBER, by=None)


def lines_of(document: Invoice) -> list[tuple[str, str, str, str]]:
    """Return the tariff, camera-months, price and amount of each line."""
    lines = document.lines.order_by("position")
    return [
        (
            line.corrects,
            f"{line.quantity:f}",
            f"{line.price:.2f}",
            f"{line.amount:.2f}",
        )
        for line in lines
    ]


def sums_of(contents: Iterable[Any]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for content in contents:
        for row in rows_of(bytes(content)):
            sums[row["camera"]] += Decimal(row["amount"])
    return dict(sums)


# --- Now ------------------------------------------------------------------------------------------


def test_less_usage_is_credited_in_part(use: UsageInterval, invoice: Invoice) -> None:
    end(use, 11)

    (credit_note,) = settle(invoice)

    assert (credit_note.number, credit_note.kind) == ("CN-2026-000001", "credit_note")
    assert (credit_note.net, credit_note.tax_amount, credit_note.total) == (
        Decimal("6.00"),
        Decimal("1.14"),
        Decimal("7.14"),
    )
    assert lines_of(credit_note) == [(invoice.number, "0.666667", "9.00", "6.00")]
    assert (credit_note.cancels, credit_note.due_on) == (None, None)
    assert credit_note.period == SEPTEMBER
    item = OpenItem.objects.get(invoice=invoice)
    assert (item.outstanding, item.credited, item.is_cancelled) == (
        Decimal("3.57"),
        Decimal("7.14"),
        False,
    )
    assert not hasattr(credit_note, "open_item")


def test_what_was_free_is_charged_in_full(use: UsageInterval) -> None:
    pro = TariffFactory.create(name="Pro")
    TariffPriceFactory.create(tariff=pro, amount=30)
    UsageIntervalFactory.create(
        camera__organization=use.organization,
        tariff=pro,
        started_at=datetime(2026, 9, 2, tzinfo=UTC),
        ended_at=datetime(2026, 9, 5, tzinfo=UTC),
    )
    organization = use.organization
    organization.trial_first_on, organization.trial_last_on = date(2026, 9, 1), date(2026, 9, 10)
    organization.save()
    invoice = issued_invoice(organization, SEPTEMBER)
    assert invoice.net == 6
    organization.trial_first_on = organization.trial_last_on = None
    organization.save()

    (supplement,) = settle(invoice)

    assert sorted(lines_of(supplement)) == [
        (invoice.number, "0.100000", "30.00", "3.00"),
        (invoice.number, "0.333333", "9.00", "3.00"),
    ]
    assert supplement.net == 6
    assert compare(Invoice.objects.get(pk=invoice.pk), IN_NOVEMBER).is_same


def test_more_usage_is_a_supplementary_invoice(use: UsageInterval, invoice: Invoice) -> None:
    UsageIntervalFactory.create(
        camera__name="gate-2",
        camera__organization=use.organization,
        tariff=use.tariff,
        started_at=datetime(2026, 9, 16, tzinfo=UTC),
    )

    (supplement,) = settle(invoice)

    assert (supplement.number, supplement.kind) == ("INV-2026-000002", "invoice")
    assert (supplement.net, supplement.total) == (Decimal("4.50"), Decimal("5.36"))
    assert supplement.due_on == date(2026, 11, 16)
    assert OpenItem.objects.get(invoice=supplement).outstanding == Decimal("5.36")
    assert OpenItem.objects.get(invoice=invoice).outstanding == Decimal("10.71")
    # It is not an invoice for the period: the original still is.
    assert not hasattr(supplement, "invoiced_period")
    assert Invoice.objects.in_force().get() == invoice


def test_a_changed_price_takes_back_the_old_line_and_charges_the_new_one(
    use: UsageInterval, invoice: Invoice
) -> None:
    TariffPriceFactory.create(tariff=use.tariff, amount=10, valid_from=date(2026, 9, 16))

    (supplement,) = settle(invoice)

    lines = supplement.lines.order_by("position")
    assert [
        (line.period_from.day, line.period_until.day, line.quantity, line.amount) for line in lines
    ] == [
        (1, 16, Decimal("0.5"), Decimal("4.50")),
        (1, 1, -1, -9),
        (16, 1, Decimal("0.5"), 5),
    ]
    assert [line.price for line in lines] == [9, 9, 10]
    assert supplement.net == Decimal("0.50")


def test_a_correction_has_the_tax_of_the_original(use: UsageInterval, invoice: Invoice) -> None:
    BillingDetails.objects.update(tax=a_tax(percent=7))
    end(use, 11)

    (credit_note,) = settle(invoice)

    assert credit_note.tax_amount == Decimal("1.14")
    assert [(tax.category, tax.percent) for tax in credit_note.taxes.all()] == [("S", Decimal(19))]


def test_a_settled_invoice_does_not_differ(use: UsageInterval, invoice: Invoice) -> None:
    end(use, 11)
    check()

    settle(invoice)

    assert not InvoiceDifference.objects.exists()
    assert compare(invoice, IN_NOVEMBER).is_same
    check()
    assert not InvoiceDifference.objects.exists()


def test_differences_are_settled_again_and_again(use: UsageInterval, invoice: Invoice) -> None:
    documents = []
    for day in (11, 21, 6):
        end(use, day)
        documents += settle(invoice)

    assert [(each.kind, f"{each.net:.2f}") for each in documents] == [
        ("credit_note", "6.00"),
        ("invoice", "3.00"),
        ("credit_note", "4.50"),
    ]
    contents = [
        invoice.frozen_charges.content,
        *Correction.objects.values_list("content", flat=True),
    ]
    assert sums_of(contents) == {"gate-1": Decimal("1.50")}
    # What was taken back is not taken back again.
    rows = [len(list(rows_of(bytes(each.content)))) for each in Correction.objects.order_by("pk")]
    assert rows == [2, 2, 2]


def test_a_document_is_valid_xml_and_refers_to_the_original(
    use: UsageInterval, invoice: Invoice
) -> None:
    end(use, 11)
    documents = settle(invoice)
    end(use, 21)
    documents += settle(invoice)

    for each in documents:
        document = document_of(Invoice.objects.get(pk=each.pk))
        assert [one.number for one in document.corrects] == [invoice.number]
        for generated in (xml.cii, xml.ubl):
            assert violations(generated(document)) == []


def test_a_document_is_sent(use: UsageInterval, invoice: Invoice) -> None:
    end(use, 11)

    (credit_note,) = settle(invoice)

    assert Delivery.objects.filter(invoice=credit_note).count() == 1


def test_many_invoices_are_settled_at_once(use: UsageInterval, invoice: Invoice) -> None:
    other = BilledUseFactory.create()
    second = issued_invoice(other.organization, SEPTEMBER)
    end(use, 11)
    UsageIntervalFactory.create(camera__organization=other.organization, tariff=other.tariff)

    documents = settle(invoice, second)

    assert {each.organization: each.kind for each in documents} == {
        use.organization: "credit_note",
        other.organization: "invoice",
    }


def test_a_tax_only_fits_exactly_to_the_rounding_of_each_document(
    use: UsageInterval, invoice: Invoice
) -> None:
    """What is credited in full is credited with its tax."""
    use.delete()

    (credit_note,) = settle(invoice)

    assert credit_note.total == invoice.total
    assert OpenItem.objects.get(invoice=invoice).outstanding == 0


def test_what_a_paid_invoice_was_paid_too_much_is_on_account(use: UsageInterval) -> None:
    payment = a_payment()
    invoice = payment.invoice
    assert invoice
    invoice.organization.usage_intervals.all().delete()

    settle(invoice)

    shown = Invoice.objects.with_open_item(IN_NOVEMBER.date()).get(pk=invoice.pk)
    assert (shown.paid, shown.credited) == (0, invoice.total)  # type: ignore[attr-defined]
    assert shown.outstanding == 0  # type: ignore[attr-defined]
    assert payment.on_account.remaining == payment.amount


def test_what_was_not_shown_is_not_settled(use: UsageInterval, invoice: Invoice) -> None:
    end(use, 11)
    (settlement,) = settling.settlements_of([invoice], IN_NOVEMBER)
    end(use, 12)

    with pytest.raises(PreviewOutdated):
        settling.settle_now(
            invoice_ids=[invoice.pk],
            now=IN_NOVEMBER,
            by=None,
            shown={invoice.pk: settlement.version},
        )

    assert Invoice.objects.count() == 1


def test_a_cancelled_invoice_is_not_settled(use: UsageInterval, invoice: Invoice) -> None:
    end(use, 11)
    operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)

    with pytest.raises(PreviewOutdated):
        settling.settle_now(invoice_ids=[invoice.pk], now=IN_NOVEMBER, by=None, shown={})


def test_charges_without_a_price_are_not_settled(use: UsageInterval, invoice: Invoice) -> None:
    use.tariff.prices.all().delete()

    with pytest.raises(Unpriced):
        settle(invoice)


def test_differences_that_come_to_nothing_are_not_settled_now(
    use: UsageInterval, invoice: Invoice
) -> None:
    end(use, 11)
    UsageIntervalFactory.create(
        camera__organization=use.organization,
        tariff=use.tariff,
        started_at=datetime(2026, 9, 11, tzinfo=UTC),
    )

    with pytest.raises(NothingToSettle):
        settle(invoice)

    assert not compare(invoice, IN_NOVEMBER).is_same


# --- With the next invoice ------------------------------------------------------------------------


def test_the_next_invoice_has_lines_for_corrections(use: UsageInterval, invoice: Invoice) -> None:
    UsageInterval.objects.filter(pk=use.pk).update(started_at=datetime(2026, 9, 11, tzinfo=UTC))
    defer(invoice)

    issued = issued_invoice(use.organization, OCTOBER)

    assert lines_of(issued) == [
        ("", "1.000000", "9.00", "9.00"),
        (invoice.number, "-0.333333", "9.00", "-3.00"),
    ]
    assert (issued.net, issued.tax_amount) == (6, Decimal("1.14"))
    assert issued.period == OCTOBER
    assert sums_of([issued.frozen_charges.content]) == {"gate-1": 9}
    assert not DeferredCorrection.objects.exists()
    assert not InvoiceDifference.objects.exists()
    assert compare(invoice, IN_NOVEMBER).is_same
    assert compare(issued, IN_NOVEMBER).is_same


def test_the_next_invoice_states_the_tax_of_both_months(
    use: UsageInterval, invoice: Invoice
) -> None:
    UsageInterval.objects.filter(pk=use.pk).update(started_at=datetime(2026, 9, 11, tzinfo=UTC))
    BillingDetails.objects.update(tax=a_tax(percent=7))
    defer(invoice)

    issued = issued_invoice(use.organization, OCTOBER)

    taxes = issued.taxes.order_by("position")
    assert [f"{tax.percent:.0f} {tax.net:.2f} {tax.amount:.2f}" for tax in taxes] == [
        "7 9.00 0.63",
        "19 -3.00 -0.57",
    ]
    document = document_of(issued)
    assert [each.number for each in document.corrects] == [invoice.number]
    for generated in (xml.cii, xml.ubl):
        assert violations(generated(document)) == []


def test_corrections_stay_out_if_nothing_would_remain_to_be_paid(
    use: UsageInterval, invoice: Invoice
) -> None:
    UsageInterval.objects.filter(pk=use.pk).update(started_at=datetime(2026, 10, 31, tzinfo=UTC))
    defer(invoice)

    issued = issued_invoice(use.organization, OCTOBER)

    assert lines_of(issued) == [("", "0.032258", "9.00", "0.29")]
    assert DeferredCorrection.objects.get().invoice == invoice
    assert InvoiceDifference.objects.get().amount == -9


def test_corrections_in_another_currency_wait(use: UsageInterval, invoice: Invoice) -> None:
    end(use, 11)
    defer(invoice)
    yen = TariffFactory.create(currency="JPY")
    TariffPriceFactory.create(tariff=yen, amount=1000)
    UsageIntervalFactory.create(
        camera__organization=use.organization,
        tariff=yen,
        started_at=datetime(2026, 10, 1, tzinfo=UTC),
    )

    issued = issued_invoice(use.organization, OCTOBER)

    assert issued.currency == "JPY"
    assert DeferredCorrection.objects.get().invoice == invoice


def test_what_is_not_subject_to_tax_is_not_mixed_with_other_taxes(
    use: UsageInterval, invoice: Invoice
) -> None:
    UsageInterval.objects.filter(pk=use.pk).update(started_at=datetime(2026, 9, 11, tzinfo=UTC))
    BillingDetails.objects.update(tax=a_tax(TaxCategory.NONE))
    defer(invoice)

    issued = issued_invoice(use.organization, OCTOBER)

    assert issued.net == 9
    assert DeferredCorrection.objects.exists()


def test_a_tax_that_needs_a_tax_number_stays_out_of_an_invoice_without_one(
    use: UsageInterval,
) -> None:
    details = BillingDetails.objects.all()
    details.update(tax=a_tax(TaxCategory.REVERSE_CHARGE), tax_number="ATU12345675", country="AT")
    invoice = issued_invoice(use.organization, SEPTEMBER)
    UsageInterval.objects.filter(pk=use.pk).update(started_at=datetime(2026, 9, 11, tzinfo=UTC))
    details.update(tax=a_tax(percent=7), tax_number="", country="DE")
    defer(invoice)

    issued = issued_invoice(use.organization, OCTOBER)

    assert issued.net == 9
    assert violations(xml.cii(document_of(issued))) == []
    assert DeferredCorrection.objects.exists()


def test_a_correction_can_be_withdrawn(use: UsageInterval, invoice: Invoice) -> None:
    UsageInterval.objects.filter(pk=use.pk).update(started_at=datetime(2026, 9, 11, tzinfo=UTC))
    defer(invoice)
    settling.withdraw(invoice_id=invoice.pk)

    assert issued_invoice(use.organization, OCTOBER).net == 9


def test_what_does_not_differ_is_not_deferred(invoice: Invoice) -> None:
    defer(invoice)

    assert not DeferredCorrection.objects.exists()


def test_a_change_back_before_the_next_invoice_corrects_nothing(
    use: UsageInterval, invoice: Invoice
) -> None:
    end(use, 11)
    defer(invoice)
    UsageInterval.objects.filter(pk=use.pk).update(ended_at=None)

    issued = issued_invoice(use.organization, OCTOBER)

    assert issued.net == 9
    assert not Correction.objects.exists()


# --- Cancelling -----------------------------------------------------------------------------------


def test_cancelling_credits_what_has_not_been_credited(
    use: UsageInterval, invoice: Invoice
) -> None:
    end(use, 11)
    (partial,) = settle(invoice)

    credit_note = operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)

    assert partial.total + credit_note.total == invoice.total
    assert lines_of(credit_note) == [
        ("", "1.000000", "9.00", "9.00"),
        (invoice.number, "-0.666667", "9.00", "-6.00"),
    ]
    item = OpenItem.objects.get(invoice=invoice)
    assert (item.outstanding, item.credited, item.is_cancelled) == (0, invoice.total, True)
    document = document_of(Invoice.objects.get(pk=credit_note.pk))
    for generated in (xml.cii, xml.ubl):
        assert violations(generated(document)) == []
    # The period can be invoiced again, with what is charged now.
    assert issued_invoice(use.organization, SEPTEMBER).net == 3


def test_an_invoice_is_not_cancelled_while_its_supplement_stands(
    use: UsageInterval, invoice: Invoice
) -> None:
    UsageIntervalFactory.create(camera__organization=use.organization, tariff=use.tariff)
    (supplement,) = settle(invoice)

    with pytest.raises(HasCorrections, match=supplement.number):
        operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)

    operations.cancel(invoice_id=supplement.pk, now=IN_NOVEMBER, by=None)
    operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)
    assert set(OpenItem.objects.values_list("outstanding", flat=True)) == {0}


def test_an_invoice_is_not_cancelled_while_a_later_invoice_corrects_it(
    use: UsageInterval, invoice: Invoice
) -> None:
    UsageInterval.objects.filter(pk=use.pk).update(started_at=datetime(2026, 9, 11, tzinfo=UTC))
    defer(invoice)
    later = issued_invoice(use.organization, OCTOBER)

    with pytest.raises(HasCorrections, match=later.number):
        operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)

    operations.cancel(invoice_id=later.pk, now=IN_NOVEMBER, by=None)
    check()
    assert InvoiceDifference.objects.get().invoice == invoice
    assert InvoiceDifference.objects.get().amount == -3
    operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)


def test_an_invoice_differs_again_after_its_supplement_is_cancelled(
    use: UsageInterval, invoice: Invoice
) -> None:
    UsageIntervalFactory.create(camera__organization=use.organization, tariff=use.tariff)
    (supplement,) = settle(invoice)
    check()

    credit_note = operations.cancel(invoice_id=supplement.pk, now=IN_NOVEMBER, by=None)
    check()

    assert lines_of(credit_note) == lines_of(supplement)
    assert InvoiceDifference.objects.get().amount == 9
    with pytest.raises(AlreadyCancelled):
        operations.cancel(invoice_id=supplement.pk, now=IN_NOVEMBER, by=None)


def test_charges_on_a_line_that_was_cancelled_are_settled(
    use: UsageInterval, invoice: Invoice
) -> None:
    pro = TariffFactory.create()
    TariffPriceFactory.create(tariff=pro, amount=30)
    more = UsageIntervalFactory.create(
        camera__name="gate-2",
        camera__organization=use.organization,
        tariff=pro,
        started_at=datetime(2026, 9, 1, tzinfo=UTC),
    )
    (first,) = settle(invoice)
    # Another camera is charged instead, so there is no line for this tariff.
    more.delete()
    UsageIntervalFactory.create(
        camera__name="gate-3",
        camera__organization=use.organization,
        tariff=pro,
        started_at=datetime(2026, 9, 1, tzinfo=UTC),
    )
    end(use, 11)
    (second,) = settle(invoice)
    assert lines_of(second) == [(invoice.number, "0.666667", "9.00", "6.00")]
    operations.cancel(invoice_id=first.pk, now=IN_NOVEMBER, by=None)

    (third,) = settle(invoice)

    assert lines_of(third) == [(invoice.number, "1.000000", "30.00", "30.00")]
    assert compare(invoice, IN_NOVEMBER).is_same


def test_what_is_credited_in_full_is_not_cancelled(use: UsageInterval, invoice: Invoice) -> None:
    use.delete()
    (credit_note,) = settle(invoice)

    with pytest.raises(CreditedInFull, match=credit_note.number):
        operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)
    with pytest.raises(NotAnInvoice):
        operations.cancel(invoice_id=credit_note.pk, now=IN_NOVEMBER, by=None)


def test_what_is_credited_by_a_cent_more_is_not_cancelled(
    use: UsageInterval, invoice: Invoice
) -> None:
    # Two halves of EUR 9.00, each taxed by 0.86 after rounding; the whole by 1.71.
    end(use, 16)
    settle(invoice)
    use.delete()
    settle(invoice)

    with pytest.raises(CreditedInFull):
        operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)


def test_what_is_credited_after_a_supplement_was_cancelled_is_not_cancelled(
    use: UsageInterval, invoice: Invoice
) -> None:
    more = UsageIntervalFactory.create(
        camera__organization=use.organization,
        tariff=use.tariff,
        started_at=datetime(2026, 9, 16, tzinfo=UTC),
    )
    (supplement,) = settle(invoice)
    more.delete()
    use.delete()
    settle(invoice)
    operations.cancel(invoice_id=supplement.pk, now=IN_NOVEMBER, by=None)

    with pytest.raises(CreditedInFull):
        operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)


def test_a_cancelled_invoice_is_not_corrected_with_the_next(
    use: UsageInterval, invoice: Invoice
) -> None:
    end(use, 11)
    defer(invoice)

    operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)

    assert not DeferredCorrection.objects.exists()


# --- Details --------------------------------------------------------------------------------------


def two_rates(use: UsageInterval) -> Invoice:
    """Issue an invoice with 19 % on the first half of September and 16 % on the second.

    Since then, the tax has been corrected: it is 19 % throughout.
    """
    percents = TaxPercent.objects.filter(tax__billing_details__organization=use.organization)
    lower = percents.get().tax.percents.create(percent=16, valid_from=date(2026, 9, 16))
    invoice = issued_invoice(use.organization, SEPTEMBER)
    lower.delete()
    return invoice


def test_a_settlement_has_the_tax_that_was_stated_for_each_date(use: UsageInterval) -> None:
    invoice = two_rates(use)
    end(use, 22)
    UsageIntervalFactory.create(
        camera__organization=use.organization,
        tariff=use.tariff,
        started_at=datetime(2026, 9, 10, tzinfo=UTC),
        ended_at=datetime(2026, 9, 22, tzinfo=UTC),
    )

    settlement = settlement_of(invoice, IN_NOVEMBER)

    assert [
        f"{line.period.start:%d}-{line.period.last:%d} {line.tax_percent:.0f} {line.amount}"
        for line in settlement.lines
    ] == ["01-15 19 1.80", "16-30 16 -0.90"]
    assert [f"{tax.percent:.0f} {tax.net} {tax.amount}" for tax in settlement.taxes] == [
        "16 -0.90 -0.14",
        "19 1.80 0.34",
    ]


def test_what_was_free_and_is_charged_now_is_in_a_line(use: UsageInterval) -> None:
    """The charge is the same but for the trial: it has no line in the original."""
    organization = use.organization
    organization.trial_first_on, organization.trial_last_on = date(2026, 9, 1), date(2026, 9, 15)
    organization.save()
    TariffPriceFactory.create(tariff=use.tariff, amount=8, valid_from=date(2026, 9, 16))
    invoice = issued_invoice(organization, SEPTEMBER)
    assert [line.amount for line in invoice.lines.all()] == [4]
    organization.trial_first_on = organization.trial_last_on = None
    organization.save()

    (supplement,) = settle(invoice)

    assert lines_of(supplement) == [(invoice.number, "0.500000", "9.00", "4.50")]


def test_the_tax_of_corrected_lines_is_not_that_of_an_invoice_itself(
    use: UsageInterval, invoice: Invoice
) -> None:
    BillingDetails.objects.update(tax=a_tax(percent=7))
    end(use, 11)
    new = TariffFactory.create()
    TariffPriceFactory.create(tariff=new, amount=30, valid_from=date(2026, 10, 10))
    UsageIntervalFactory.create(
        camera__organization=use.organization,
        tariff=new,
        started_at=datetime(2026, 10, 12, tzinfo=UTC),
    )
    defer(invoice)
    # Its first own line starts on 10 October; a line for September has 19 %.
    october = issued_invoice(use.organization, OCTOBER)
    UsageIntervalFactory.create(
        camera__organization=use.organization,
        tariff=use.tariff,
        started_at=datetime(2026, 10, 2, tzinfo=UTC),
        ended_at=datetime(2026, 10, 5, tzinfo=UTC),
    )

    (supplement,) = settle(october)

    assert [tax.percent for tax in supplement.taxes.all()] == [7]


@pytest.mark.parametrize("last", ["amount", "billable_before"])
def test_charges_that_were_frozen_without_the_last_columns_are_settled(
    use: UsageInterval, invoice: Invoice, last: str
) -> None:
    rows = csv.reader(io.StringIO(gzip.decompress(invoice.frozen_charges.content).decode()))
    text, number = io.StringIO(), EXPORT_COLUMNS.index(last) + 1
    csv.writer(text).writerows(row[:number] for row in rows)
    assert text.getvalue().startswith(f"{','.join(EXPORT_COLUMNS[:number])}\r\n")
    with pgtrigger.ignore("invoices.FrozenCharges:frozen"):
        FrozenCharges.objects.update(content=gzip.compress(text.getvalue().encode()))
    end(use, 11)

    (credit_note,) = settle(invoice)

    assert lines_of(credit_note) == [(invoice.number, "0.666667", "9.00", "6.00")]
    assert sums_of([Correction.objects.get().content]) == {"gate-1": -6}


def test_usage_that_changes_while_a_difference_is_worked_out_is_settled_later(
    use: UsageInterval, invoice: Invoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    end(use, 11)

    def compared_before_a_change(invoice: Invoice, now: datetime) -> Comparison:
        comparison = compare(invoice, now)
        end(use, 6)
        return comparison

    monkeypatch.setattr(settlement, "compare", compared_before_a_change)

    worked_out = settlement_of(invoice, IN_NOVEMBER)

    assert worked_out.net == Decimal("-7.50")
    assert sums_of([worked_out.charges.content]) == {"gate-1": Decimal("-7.50")}


def test_names_that_look_like_formulas_are_settled() -> None:
    use = BilledUseFactory.create(camera__name="=gate", tariff__name="+Pro")
    invoice = issued_invoice(use.organization, SEPTEMBER)
    end(use, 11)

    (credit_note,) = settle(invoice)

    assert credit_note.lines.get().item == "+Pro"
    assert credit_note.net == 6
    assert compare(invoice, IN_NOVEMBER).is_same


def test_a_renamed_tariff_is_settled_by_its_present_name(
    use: UsageInterval, invoice: Invoice
) -> None:
    use.tariff.name = "Renamed"
    use.tariff.save()
    end(use, 11)

    (credit_note,) = settle(invoice)

    assert sorted((line.item, line.amount) for line in credit_note.lines.all()) == [
        ("Renamed", -3),
        (invoice.lines.get().item, 9),
    ]


def test_a_recheck_finds_the_settled_invoice_equal(use: UsageInterval, invoice: Invoice) -> None:
    end(use, 11)
    settle(invoice)
    Recheck.objects.create(organization=use.organization, from_on=date(2026, 9, 1))

    check()

    assert not InvoiceDifference.objects.exists()
