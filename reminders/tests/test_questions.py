"""Questions about invoices: who asks and answers, and what reminders make of them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Notice, User
from accounts.notices.sending import send_requested
from invoices.issuing.operations import cancel
from invoices.models import Invoice, InvoiceLine
from invoices.tests.factories import BilledUseFactory, issued_invoice
from organizations.models import Organization
from organizations.tests.factories import OneOffChargeFactory
from reminders.models import Question, QuestionMessage, Reminder
from reminders.questions.operations import answer, ask
from reminders.refusals import AlreadyClosed
from reminders.tests.factories import a_level, after, look
from tests.mail_server import MailServer, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice() -> Invoice:
    return issued_invoice()


@pytest.fixture
def own_client(invoice: Invoice, client: Client) -> Client:
    """Return a client of the owner of the invoice."""
    client.force_login(invoice.owner)
    return client


def asked(invoice: Invoice, amount: str = "10.71") -> Question:
    return ask(
        invoice_id=invoice.pk,
        line_id=None,
        amount=Decimal(amount),
        text="Why?",
        now=after(1),
        by=invoice.owner,
    )


def totals(invoice: Invoice) -> list[Decimal]:
    look(invoice.organization, 7)
    return list(Reminder.objects.filter(state="proposed").values_list("total", flat=True))


def test_a_disputed_amount_is_left_out_until_the_question_is_closed(
    invoice: Invoice, operator: User
) -> None:
    a_level()
    question = asked(invoice, "4.71")
    assert totals(invoice) == [6]
    another = asked(invoice, "6.00")
    assert totals(invoice) == []

    answer(question_id=question.pk, text="It is", closes=True, now=after(2), by=operator)
    assert totals(invoice) == [Decimal("4.71")]
    answer(question_id=another.pk, text="It is", closes=False, now=after(2), by=operator)
    assert totals(invoice) == [Decimal("4.71")]


def test_what_is_sent_twice_is_asked_and_written_once(invoice: Invoice, operator: User) -> None:
    question = asked(invoice, "4.71")
    assert asked(invoice, "4.71") == question
    assert asked(invoice, "4.70") != question
    writing: dict[str, Any] = {"question_id": question.pk, "now": after(2), "by": operator}

    for text in ("A", "A", "B", "A"):
        answer(text=text, closes=False, **writing)
    texts = question.messages.order_by("pk").values_list("text", flat=True)
    assert list(texts) == ["Why?", "A", "B", "A"]

    # To close is more than to write the same again.
    answer(text="A", closes=True, **writing)
    assert asked(invoice, "4.71") != question


def test_an_owner_asks_about_a_line_and_an_operator_answers(
    own_client: Client, operator_client: Client, invoice: Invoice
) -> None:
    line = invoice.lines.get()
    page = reverse("reminders:ask", args=[invoice.pk])
    assert page in own_client.get(reverse("invoices:invoice", args=[invoice.pk])).text
    form = {"line": line.pk, "amount": "2.00", "text": "This camera was off."}

    answered = own_client.post(page, form, follow=True)

    question = Question.objects.get()
    assert (question.line, question.amount, question.asked_by) == (line, 2, invoice.owner)
    assert "This camera was off." in answered.text
    assert "1 question about an invoice is open" in operator_client.get("/").text
    listed = operator_client.get(reverse("reminders:questions"))
    assert [row.record for row in listed.context["table"].paginated_rows] == [question]
    address = reverse("reminders:question", args=[question.pk])
    operator_client.post(address, {"text": "It was on.", "close": "1"})
    question.refresh_from_db()
    assert question.state == "closed"
    assert "It was on." in own_client.get(address).text
    assert not own_client.get(address).context["can_write"]
    refused = own_client.post(address, {"text": "No!"}, follow=True)
    assert "This question is closed" in refused.text
    assert question.messages.count() == 2


def test_an_owner_cannot_close_a_question(own_client: Client, invoice: Invoice) -> None:
    question = asked(invoice)

    own_client.post(
        reverse("reminders:question", args=[question.pk]), {"text": "Done", "close": "1"}
    )

    question.refresh_from_db()
    assert (question.state, question.messages.count()) == ("open", 2)


def test_others_see_nothing_of_it(owner_client: Client, invoice: Invoice) -> None:
    question = asked(invoice)

    for name, pk in (("ask", invoice.pk), ("question", question.pk)):
        address = reverse(f"reminders:{name}", args=[pk])
        assert owner_client.get(address).status_code == 404
        assert owner_client.post(address, {"text": "Hello"}).status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("amount", "0", "above 0"),
        ("amount", "10.72", "The invoice is only"),
        ("amount", "1.001", "at most 2"),
        ("text", "", "Write what this is about"),
        ("line", "0", "valid choice"),
    ],
)
def test_what_is_wrong_is_said(
    own_client: Client, invoice: Invoice, field: str, value: str, error: str
) -> None:
    form = {"amount": "1", "text": "Why?", field: value}

    page = own_client.post(reverse("reminders:ask", args=[invoice.pk]), form)

    assert error in str(page.context["form"].errors[field])
    assert not Question.objects.exists()


def test_a_line_is_disputed_up_to_its_amount_with_tax(client: Client) -> None:
    """Of EUR 9.00, EUR 0.90 and EUR -0.50 at 19 % tax, the second line is EUR 1.07."""
    organization = BilledUseFactory.create().organization
    for quantity, amount in ((1, "0.90"), (-1, "0.50")):
        OneOffChargeFactory.create(
            organization=organization,
            day=date(2026, 10, 5),
            quantity=Decimal(quantity),
            amount=Decimal(amount),
        )
    invoice = issued_invoice(organization)
    client.force_login(invoice.owner)
    charge, credit = invoice.lines.exclude(section="usage").order_by("position")
    page = reverse("reminders:ask", args=[invoice.pk])
    assert "EUR\xa01.07</option>" in client.get(page).text

    def errors(line: InvoiceLine, amount: str) -> Any:
        form = {"line": line.pk, "amount": amount, "text": "Why?"}
        return client.post(page, form).context["form"].errors

    assert "is only EUR\xa01.07 with its tax" in str(errors(charge, "1.08")["amount"])
    assert "Nothing is to be paid for this line" in str(errors(credit, "0.01")["line"])
    assert not Question.objects.exists()
    client.post(page, {"line": charge.pk, "amount": "1.07", "text": "Why?"})
    assert Question.objects.get().amount == Decimal("1.07")


def test_a_line_of_another_invoice_is_refused(invoice: Invoice) -> None:
    line = issued_invoice().lines.get()
    with pytest.raises(DatabaseError, match="is of another document"), transaction.atomic():
        Question.objects.create(
            invoice=invoice, line=line, amount=1, asked_at=after(1), asked_by=invoice.owner
        )


def test_a_credit_note_is_not_questioned(operator_client: Client, invoice: Invoice) -> None:
    note = cancel(invoice_id=invoice.pk, now=after(1), by=None)

    page = operator_client.get(reverse("reminders:ask", args=[note.pk]), follow=True)

    assert "A credit note cannot be questioned" in page.text


def test_messages_stay(invoice: Invoice, operator: User) -> None:
    question = asked(invoice)
    answer(question_id=question.pk, text="Because", closes=True, now=after(2), by=operator)

    with pytest.raises(DatabaseError), transaction.atomic():
        QuestionMessage.objects.update(text="")
    with pytest.raises(AlreadyClosed):
        answer(question_id=question.pk, text="More", closes=True, now=after(2), by=operator)


class TestMails:
    def test_the_provider_reads_what_an_owner_writes(self, invoice: Invoice) -> None:
        question = asked(invoice)
        answer(question_id=question.pk, text="Still?", closes=False, now=after(2), by=invoice.owner)

        first, second = Notice.objects.all()
        assert {first.email, second.email} == {invoice.seller["email"]}
        assert first.subject == f"{invoice.organization_title} asks about invoice {invoice.number}"
        assert (first.quoted, second.quoted) == ("Why?", "Still?")
        assert first.path == reverse("reminders:question", args=[question.pk])

    @pytest.mark.parametrize(
        ("closes", "subject"),
        [(False, "Ответ на ваш вопрос"), (True, "закрыт")],
    )
    def test_the_owner_gets_the_answer_in_the_language_of_the_organization(
        self, invoice: Invoice, operator: User, smtp_server: MailServer, closes: bool, subject: str
    ) -> None:
        Organization.objects.filter(pk=invoice.organization_id).update(invoice_language="ru")
        question = asked(invoice)
        Notice.objects.all().delete()

        answer(question_id=question.pk, text="Нашли", closes=closes, now=after(2), by=operator)
        notice = Notice.objects.get()
        send_requested(notice_ids=[notice.pk], now=after(2))

        (mail,) = smtp_server.messages
        assert mail["To"] == invoice.owner.email
        assert subject in mail["Subject"]
        assert invoice.number in mail["Subject"]
        assert "Нашли" in text_of(mail).split()

    def test_nobody_gets_a_mail_about_what_they_wrote_or_cannot_read(
        self, invoice: Invoice, operator: User
    ) -> None:
        question = ask(
            invoice_id=invoice.pk,
            line_id=None,
            amount=Decimal(1),
            text="They called",
            now=after(1),
            by=operator,
        )
        assert not Notice.objects.exists()
        User.objects.filter(pk=invoice.owner_id).update(is_active=False)
        answer(question_id=question.pk, text="No", closes=False, now=after(2), by=operator)
        assert not Notice.objects.exists()

    def test_only_staff_see_what_became_of_a_mail(
        self, invoice: Invoice, own_client: Client, operator_client: Client
    ) -> None:
        address = reverse("reminders:question", args=[asked(invoice).pk])
        Notice.objects.update(state="failed", problem="550 No such mailbox")
        assert "550 No such mailbox" in operator_client.get(address).text
        assert "550 No such mailbox" not in own_client.get(address).text
