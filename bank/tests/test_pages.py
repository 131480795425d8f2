"""The pages of bank statements."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from bank.models import BankAccount, BankLine
from bank.posting import Part, post
from bank.proposing import propose
from bank.reading.tests.files import ACCOUNT, balance, camt, statement
from bank.tests.factories import a_line, an_account, paid, upload
from invoices.models import OpenItem
from invoices.tests.factories import IN_NOVEMBER, issued_invoice

pytestmark = pytest.mark.django_db

LINES = reverse("bank:lines")


def listed(client: Client, **query: str) -> list[BankLine]:
    return [row.record for row in client.get(LINES, query).context["table"].paginated_rows]


class TestLines:
    def test_an_empty_list_leads_to_the_first_account(self, operator_client: Client) -> None:
        assert reverse("bank:add_account") in operator_client.get(LINES).text

    def test_open_lines_are_listed_first(self, operator_client: Client) -> None:
        line, other = a_line(text="one"), a_line(text="two", mark="DBIT")
        operator_client.post(reverse("bank:ignore", args=[other.pk]), {"reason": "Fees"})

        assert listed(operator_client) == [line]
        assert listed(operator_client, state="ignored") == [other]
        assert set(listed(operator_client, state="all")) == {line, other}

    @pytest.mark.parametrize("text", ["must", "múster 000031", "inv-2026"])
    def test_lines_are_found_by_name_and_text(self, operator_client: Client, text: str) -> None:
        line = a_line(text="INV-2026-000031")
        a_line("1.00", "else", name="Other")

        assert listed(operator_client, q=text) == [line]

    def test_the_number_of_queries_is_constant(
        self, operator_client: Client, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        an_account()
        upload(camt(statement(*(paid(text=f"number {each}") for each in range(30)))))

        with django_assert_num_queries(9):
            operator_client.get(LINES)


class TestDeciding:
    def test_a_proposal_is_recorded_and_the_next_line_follows(
        self, operator_client: Client
    ) -> None:
        invoice = issued_invoice()
        following, line = a_line("1.00", "else"), a_line(text=invoice.number)
        propose(currency="EUR")
        page = operator_client.get(reverse("bank:line", args=[line.pk]))
        assert invoice.number in page.text

        answer = operator_client.post(
            reverse("bank:record", args=[line.pk]), {"proposal": line.proposals.get().pk}
        )

        assert answer.headers["Location"] == reverse("bank:line", args=[following.pk])
        assert OpenItem.objects.get(pk=invoice.pk).outstanding == 0

    def test_a_line_is_split_by_hand(self, operator_client: Client) -> None:
        one, other = issued_invoice(), issued_invoice()
        line = a_line("21.42")

        operator_client.post(
            reverse("bank:record", args=[line.pk]),
            {
                "organization_1": one.organization.title,
                "amount_1": "10.71",
                "organization_2": other.organization.title.upper(),
                "amount_2": "10.71",
            },
        )

        assert list(OpenItem.objects.values_list("outstanding", flat=True)) == [0, 0]

    @pytest.mark.parametrize(
        ("sent", "error"),
        [
            ({"organization_1": "Nobody", "amount_1": "10.71"}, "No organization has this title"),
            ({"organization_1": "", "amount_1": "10.71"}, "Enter part of the organization title"),
            ({"organization_1": "Camp", "amount_1": "1"}, "The parts are"),
            ({"organization_2": "Camp"}, "Enter both, or leave both empty"),
        ],
    )
    def test_what_is_wrong_is_said(
        self, operator_client: Client, sent: dict[str, str], error: str
    ) -> None:
        organization = issued_invoice().organization
        organization.title = "Camp"
        organization.save()
        line = a_line()

        page = operator_client.post(reverse("bank:record", args=[line.pk]), sent)

        assert error in page.text
        assert all(f'value="{value}"' in page.text for value in sent.values() if value)
        assert BankLine.objects.get(pk=line.pk).state == "open"

    def test_a_line_without_reason_is_not_ignored(self, operator_client: Client) -> None:
        line = a_line()

        operator_client.post(reverse("bank:ignore", args=[line.pk]), {"reason": " "})

        assert BankLine.objects.get(pk=line.pk).state == "open"

    @pytest.mark.parametrize("page", ["bank:record", "bank:ignore"])
    def test_reloading_a_page_with_errors_shows_the_line(
        self, operator_client: Client, page: str
    ) -> None:
        line = a_line()

        answer = operator_client.get(reverse(page, args=[line.pk]))

        assert answer.headers["Location"] == reverse("bank:line", args=[line.pk])

    def test_a_payment_is_taken_back_and_a_record_undone(self, operator_client: Client) -> None:
        invoice = issued_invoice()
        first = a_line(end_to_end="E1")
        part = Part(invoice.organization_id, Decimal("10.71"))
        (payment,) = post(line_id=first.pk, parts=[part], now=IN_NOVEMBER, by=None)
        back = a_line(end_to_end="E1", mark="DBIT")

        operator_client.post(reverse("bank:take_back", args=[back.pk]), {"payment": payment.pk})
        assert OpenItem.objects.get(pk=invoice.pk).outstanding == Decimal("10.71")

        page = operator_client.post(reverse("bank:undo", args=[back.pk]), follow=True)
        assert "took back a payment" in page.text


class TestUploading:
    def send(self, client: Client, content: bytes) -> str:
        file = SimpleUploadedFile("statement.xml", content)
        return client.post(reverse("bank:upload"), {"file": file}, follow=True).text

    def test_lines_are_read(self, operator_client: Client) -> None:
        an_account()

        assert "2 new lines were read" in self.send(
            operator_client, camt(statement(paid(text="one"), paid(text="two")))
        )

    def test_an_unknown_account_is_named(self, operator_client: Client) -> None:
        assert ACCOUNT in self.send(operator_client, camt(statement(paid())))

    @pytest.mark.parametrize("content", [b"nothing", b"<x/>", b"\x00\xff"])
    def test_what_is_no_statement_is_refused(self, operator_client: Client, content: bytes) -> None:
        assert "no bank statement that can be read" in self.send(operator_client, content)

    def test_a_file_can_be_downloaded_again(self, operator_client: Client) -> None:
        an_account()
        content = camt(statement(paid()))
        file = upload(content)

        answer = operator_client.get(reverse("bank:download", args=[file.pk]))

        assert answer.content == content
        assert "statement.xml" in operator_client.get(reverse("bank:files")).text


class TestAccounts:
    def test_an_account_is_added_without_its_spaces(self, operator_client: Client) -> None:
        operator_client.post(
            reverse("bank:add_account"),
            {"title": "Main", "number": "de89 3704 0044 0532 0130 00", "currency": "EUR"},
        )

        assert BankAccount.objects.get().number == ACCOUNT
        assert "Main" in operator_client.get(reverse("bank:accounts")).text

    def test_the_last_balance_is_that_of_the_latest_day(self, operator_client: Client) -> None:
        a_line()
        for closing in ("11.71", "1.00"):
            # The second is without lines, so it has no day.
            lines = [paid()] if closing == "11.71" else []
            parts = (balance("OPBD", "1.00"), balance("CLBD", closing), *lines)
            upload(camt(statement(*parts)))

        answer = operator_client.get(reverse("bank:accounts"))

        assert [each.balance for each in answer.context["accounts"]] == [Decimal("11.71")]

    def test_a_number_stays_once_it_has_statements(self, operator_client: Client) -> None:
        account = a_line().account

        operator_client.post(
            reverse("bank:edit_account", args=[account.pk]),
            {"title": "Renamed", "number": "X", "currency": "USD", "posts_certain": "on"},
        )

        account.refresh_from_db()
        assert (account.title, account.number, account.currency, account.posts_certain) == (
            "Renamed",
            ACCOUNT,
            "EUR",
            True,
        )

    def test_two_accounts_cannot_have_one_number(self, operator_client: Client) -> None:
        an_account()

        page = operator_client.post(
            reverse("bank:add_account"), {"title": "Second", "number": ACCOUNT, "currency": "EUR"}
        )

        assert "This account exists already" in page.text
