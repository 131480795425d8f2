"""The pages of reminders."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from foundation.lists.selection import version_of_rows
from invoices.models import Invoice
from invoices.tests.factories import issued_invoice
from organizations.models import Organization
from reminders import sending
from reminders.levels import operations as level_operations
from reminders.models import (
    Arrangement,
    Level,
    PaymentPromise,
    Reminder,
    ReminderMail,
    ReminderSettings,
    SmallAmount,
)
from reminders.tests.factories import (
    a_level,
    a_reminder,
    a_sent_reminder,
    after,
    pay,
    two_levels,
)
from tariffs.tests.factories import TariffFactory

pytestmark = pytest.mark.django_db

LIST = reverse("reminders:list")
LEVELS = reverse("reminders:levels")
LEVEL = {
    "name": "First",
    "days": "7",
    "days_to_pay": "10",
    "rate": "9.12",
    "fee_EUR": "5",
    "subject_en": "Reminder of {provider}",
    "introduction_ru": "{total}",
}


@pytest.fixture
def invoice() -> Invoice:
    return issued_invoice()


def listed(client: Client, **query: Any) -> list[Reminder]:
    return [row.record for row in client.get(LIST, query).context["table"].paginated_rows]


class TestList:
    def test_without_levels_it_leads_to_the_first(self, operator_client: Client) -> None:
        assert reverse("reminders:add_level") in operator_client.get(LIST).text

    def test_those_to_be_sent_are_listed_first(self, operator_client: Client) -> None:
        proposed, was_sent = a_reminder(), a_sent_reminder()

        assert listed(operator_client) == [proposed]
        assert listed(operator_client, show="sent") == [was_sent]
        assert listed(operator_client, show="all") == [was_sent, proposed]
        assert listed(operator_client, show="mail_failed") == []
        ReminderMail.objects.update(state="failed")
        assert listed(operator_client, show="mail_failed") == [was_sent]

    def test_filters(self, operator_client: Client, invoice: Invoice) -> None:
        reminder = a_reminder(invoice)
        other = a_level(days=30)

        assert listed(operator_client, level=reminder.level_id) == [reminder]
        assert listed(operator_client, level=other.pk) == []
        assert listed(operator_client, currency="EUR") == [reminder]
        assert listed(operator_client, q=invoice.organization.title) == [reminder]
        assert listed(operator_client, q="nobody") == []
        assert listed(operator_client, show="suspend") == []

    def test_the_number_of_queries_is_constant(
        self, operator_client: Client, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for _ in range(4):
            a_reminder()

        with django_assert_num_queries(10):
            operator_client.get(LIST)


class TestDeciding:
    def test_selected_ones_are_sent(self, operator_client: Client) -> None:
        one, other = a_reminder(), a_reminder()

        page = operator_client.post(reverse("reminders:send"), {"reminder": one.pk}, follow=True)

        assert "1 reminder is being sent." in page.text
        one.refresh_from_db()
        other.refresh_from_db()
        assert (one.state, other.state) == ("approved", "proposed")

    def test_all_that_the_filter_finds_are_skipped_with_a_reason(
        self, operator_client: Client, operator: User
    ) -> None:
        a_reminder()
        a_reminder()
        shown = version_of_rows(Reminder.objects.all())
        sent_form = {"all": "1", "shown": shown, "currency": "EUR"}

        operator_client.post(reverse("reminders:skip"), {**sent_form, "reason": ""})
        assert set(Reminder.objects.values_list("state", flat=True)) == {"proposed"}
        operator_client.post(reverse("reminders:skip"), {**sent_form, "reason": "Holiday"})

        found = set(Reminder.objects.values_list("state", "reason", "decided_by"))
        assert found == {("skipped", "Holiday", operator.pk)}

    def test_a_list_that_has_changed_is_refused(self, operator_client: Client) -> None:
        a_reminder()
        shown = version_of_rows(Reminder.objects.all())
        a_reminder()

        page = operator_client.post(
            reverse("reminders:send"), {"all": "1", "shown": shown}, follow=True
        )

        assert "The list has changed" in page.text
        assert set(Reminder.objects.values_list("state", flat=True)) == {"proposed"}

    @pytest.mark.parametrize("sent_form", [{}, {"reminder": "0"}])
    def test_nothing_selected_is_said(
        self, operator_client: Client, sent_form: dict[str, str]
    ) -> None:
        page = operator_client.post(reverse("reminders:send"), sent_form, follow=True)

        assert "elect" in page.text

    def test_the_follow_up_is_declined_with_a_reason(self, operator_client: Client) -> None:
        reminder = a_sent_reminder()
        Reminder.objects.update(follow_up="suspend")
        page = reverse("reminders:reminder", args=[reminder.pk])
        assert "terms/suspensions/add/?first_on=" in operator_client.get(page).text
        assert (
            "terms/suspensions/add/?first_on="
            in operator_client.get(LIST, {"show": "suspend"}).text
        )

        decline = reverse("reminders:decline", args=[reminder.pk])
        operator_client.post(decline, {"reason": ""})
        assert Reminder.objects.get().follow_up == "suspend"
        operator_client.post(decline, {"reason": "Pays in cash"})

        assert "Pays in cash" in operator_client.get(page).text
        assert Reminder.objects.get().follow_up == "done"


class TestReminder:
    def test_owners_see_what_was_sent(self, client: Client, invoice: Invoice) -> None:
        page = reverse("reminders:reminder", args=[a_reminder(invoice).pk])
        payments = reverse("payments:of_organization", args=[invoice.organization_id])
        client.force_login(invoice.organization.owner)
        assert client.get(page).status_code == 404
        assert page not in client.get(payments).text

        Reminder.objects.update(state="approved")
        sending.send(reminder_id=Reminder.objects.get().pk, now=after(7))

        assert "is overdue" in client.get(page).text
        assert page in client.get(payments).text

    def test_a_later_owner_does_not(self, client: Client, invoice: Invoice, owner: User) -> None:
        reminder = a_sent_reminder(invoice)
        Organization.objects.update(owner=owner)
        client.force_login(owner)

        assert client.get(reverse("reminders:reminder", args=[reminder.pk])).status_code == 404

    def test_it_says_that_an_address_is_missing(self, operator_client: Client) -> None:
        reminder = a_reminder()
        Organization.objects.update(billing_email="")

        page = operator_client.get(reverse("reminders:reminder", args=[reminder.pk]))

        assert "has no email address" in page.text


class TestLevels:
    def test_a_level_is_added_changed_and_removed(self, operator_client: Client) -> None:
        add = reverse("reminders:add_level")
        operator_client.post(add, {**LEVEL, "fee_EUR": "5"})
        level = Level.objects.get()
        assert (level.days, level.rate, level.days_to_pay) == (7, Decimal("9.12"), 10)
        assert not level.fees.exists()
        assert set(level.texts.values_list("language", "subject", "introduction")) == {
            ("en", "Reminder of {provider}", ""),
            ("ru", "", "{total}"),
        }

        page = reverse("reminders:edit_level", args=[level.pk])
        version = operator_client.get(page).context["version"]
        operator_client.post(page, {**LEVEL, "days": "9", "subject_en": "", "version": version})
        level.refresh_from_db()
        assert level.days == 9
        assert level.texts.count() == 1

        operator_client.post(reverse("reminders:remove_level", args=[level.pk]))
        assert not Level.objects.exists()

    @pytest.mark.usefixtures("invoice")
    def test_fees_are_offered_in_the_currencies_that_are_used(
        self, operator_client: Client
    ) -> None:
        operator_client.post(reverse("reminders:add_level"), LEVEL)

        assert list(Level.objects.get().fees.values_list("currency", "amount")) == [("EUR", 5)]

    def test_a_used_level_is_kept_but_not_in_use(self, operator_client: Client) -> None:
        reminder = a_sent_reminder()

        operator_client.post(reverse("reminders:remove_level", args=[reminder.level_id]))

        assert list(Level.objects.values_list("is_active", flat=True)) == [False]
        history = reverse("reminders:level_history", args=[reminder.level_id])
        assert operator_client.get(history).status_code == 200

    @pytest.mark.usefixtures("invoice")
    @pytest.mark.parametrize(
        ("field", "value", "error"),
        [
            ("days", "0", "from 1 to 365"),
            ("days", "1.5", "from 1 to 365"),
            ("days", "9", "Another level has the same number of days"),
            ("rate", "100.01", "from 0 to 100"),
            ("rate", "NaN", "from 0 to 100"),
            ("fee_EUR", "0.001", "at most 2 decimal places"),
            ("subject_en", "{number}", "Unknown placeholder"),
            ("introduction_ru", "{", "Braces must enclose"),
            ("name", "", "required"),
        ],
    )
    def test_what_is_wrong_is_said(
        self, operator_client: Client, field: str, value: str, error: str
    ) -> None:
        a_level(days=9)

        page = operator_client.post(reverse("reminders:add_level"), {**LEVEL, field: value})

        assert error in str(page.context["form"].errors[field])
        assert Level.objects.count() == 1

    def test_a_change_of_somebody_else_is_not_overwritten(self, operator_client: Client) -> None:
        level = a_level()
        page = reverse("reminders:edit_level", args=[level.pk])
        version = operator_client.get(page).context["version"]
        Level.objects.update(days=8)

        answer = operator_client.post(page, {**LEVEL, "version": version})

        assert "Somebody else has changed this" in answer.text
        assert Level.objects.get().days == 8
        operator_client.post(page, {**LEVEL, "version": answer.context["version"]})
        assert Level.objects.get().days == 7

    @pytest.mark.usefixtures("invoice")
    def test_general_settings_are_changed(self, operator_client: Client) -> None:
        version = operator_client.get(LEVELS).context["version"]

        operator_client.post(
            LEVELS, {"is_automatic": "on", "least_EUR": "2.50", "version": version}
        )

        assert ReminderSettings.objects.get().is_automatic
        assert SmallAmount.objects.get().amount == Decimal("2.50")
        values = level_operations.stored_general()
        assert values.least == {"EUR": Decimal("2.50")}

    def test_support_reads_them(self, support_client: Client) -> None:
        a_level()

        assert "First reminder" in support_client.get(LEVELS).text
        assert support_client.post(LEVELS).status_code == 403


class TestOfOrganization:
    def address(self, name: str, *args: Any) -> str:
        return reverse(f"reminders:{name}", args=args)

    def test_it_says_what_is_next_and_why_not(
        self, operator_client: Client, invoice: Invoice
    ) -> None:
        two_levels()
        page = reverse("payments:of_organization", args=[invoice.organization_id])
        today = timezone.now().date()
        overdue = invoice.due_on is not None and invoice.due_on < today

        assert ("First reminder" in operator_client.get(page).text) is overdue

    def test_a_pause_takes_the_proposal_back(
        self, operator_client: Client, invoice: Invoice, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        a_reminder(invoice)
        monkeypatch.setattr(timezone, "now", lambda: after(8))
        add = self.address("arrange", invoice.organization_id, "arrangements")
        form = operator_client.get(add).context["form"]
        assert form["first_on"].value() == after(8).date()
        dates = {"first_on": "2026-11-20", "last_on": "2026-12-20"}
        given = {**dates, "reason": "Agreed", "is_pause": "True", "extra_days": "0"}

        operator_client.post(add, given)

        arrangement = Arrangement.objects.get()
        assert not Reminder.objects.exists()
        page = reverse("payments:of_organization", args=[invoice.organization_id])
        assert "paused until 20 Dec 2026" in operator_client.get(page).text
        refused = operator_client.post(add, given)
        assert "Another entry applies" in str(refused.context["form"].errors["first_on"])

        remove = self.address(
            "remove_arrangement", invoice.organization_id, "arrangements", arrangement.pk
        )
        operator_client.post(remove)
        assert Reminder.objects.count() == 1

    def test_a_promise_is_first_offered_in_the_currency_that_is_owed(
        self, operator_client: Client, invoice: Invoice
    ) -> None:
        # Sorted, this one would be the first.
        TariffFactory.create(currency="CZK")
        add = self.address("arrange", invoice.organization_id, "promises")
        assert operator_client.get(add).context["form"]["currency"].value() == "EUR"
        pay(invoice)
        assert operator_client.get(add).context["form"]["currency"].value() is None

    def test_a_promise_is_recorded_and_changed(
        self, operator_client: Client, invoice: Invoice, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        a_reminder(invoice)
        monkeypatch.setattr(timezone, "now", lambda: after(8))
        add = self.address("arrange", invoice.organization_id, "promises")
        given = {"currency": "EUR", "first_on": "2026-11-24", "last_on": "2026-12-01"}
        operator_client.post(add, {**given, "amount": "5.00", "note": "By telephone"})
        promise = PaymentPromise.objects.get()
        assert (promise.amount, promise.note) == (Decimal(5), "By telephone")
        page = reverse("payments:of_organization", args=[invoice.organization_id])
        assert "payment is promised until 1 Dec 2026" in operator_client.get(page).text

        edit = self.address("edit_arrangement", invoice.organization_id, "promises", promise.pk)
        version = operator_client.get(edit).context["version"]
        operator_client.post(edit, {**given, "last_on": "2026-11-23", "version": version})
        operator_client.post(edit, {**given, "last_on": "2026-11-30", "version": version})

        promise.refresh_from_db()
        assert promise.last_on.isoformat() == "2026-11-30"
        assert promise.amount is None

    def test_a_change_of_somebody_else_is_not_overwritten(
        self, operator_client: Client, invoice: Invoice
    ) -> None:
        promise = PaymentPromise.objects.create(
            organization=invoice.organization,
            currency="EUR",
            first_on=after(0),
            last_on=after(3),
        )
        edit = self.address("edit_arrangement", invoice.organization_id, "promises", promise.pk)
        version = operator_client.get(edit).context["version"]
        PaymentPromise.objects.update(note="Called")
        given = {"currency": "EUR", "first_on": "2026-11-16", "last_on": "2026-11-20"}

        answer = operator_client.post(edit, {**given, "note": "Wrote", "version": version})

        assert answer.context["conflict"].differences[0].stored == "Called"
        assert PaymentPromise.objects.get().note == "Called"

    @pytest.mark.parametrize(
        ("slug", "field", "value", "error"),
        [
            ("promises", "amount", "0", "above 0"),
            ("promises", "amount", "1.001", "at most 2"),
            ("promises", "currency", "XXX", "valid choice"),
            ("promises", "last_on", "2026-11-19", "before the first"),
            ("arrangements", "reason", "", "Enter a reason"),
            ("arrangements", "extra_days", "366", "from 0 to 365"),
        ],
    )
    def test_what_is_wrong_is_said(
        self,
        operator_client: Client,
        invoice: Invoice,
        slug: str,
        field: str,
        value: str,
        error: str,
    ) -> None:
        given = {"currency": "EUR", "first_on": "2026-11-20", "last_on": "2026-11-30"}
        given |= {"reason": "A", "is_pause": "True", "extra_days": "0", field: value}

        page = operator_client.post(self.address("arrange", invoice.organization_id, slug), given)

        assert error in str(page.context["form"].errors[field])

    def test_an_unknown_kind_is_not_found(self, operator_client: Client, invoice: Invoice) -> None:
        address = self.address("arrange", invoice.organization_id, "gifts")

        assert operator_client.get(address).status_code == 404


def test_home_counts_what_is_to_be_done(operator_client: Client) -> None:
    a_reminder()
    a_sent_reminder()
    a_sent_reminder()
    last, first = Reminder.objects.filter(state="sent")
    Reminder.objects.filter(pk=last.pk).update(follow_up="suspend")
    Reminder.objects.filter(pk=first.pk).update(follow_up="restore")
    ReminderMail.objects.filter(reminder=first).update(state="failed")

    page = operator_client.get("/").text

    for text in (
        "1 reminder is to be sent",
        "1 organization did not pay after the last reminder",
        "1 suspended organization has paid what was overdue",
        "1 reminder could not be sent by email",
    ):
        assert text in page
