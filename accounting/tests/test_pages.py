"""The pages of the journal, the tax summary, and the accounts."""

from decimal import Decimal

import pytest
from django.test import Client

from accounting.models import AccountingSettings, RevenueAccount
from accounting.operations import stored_values
from accounting.tests.factories import all_accounts
from accounting.tests.test_journal import exported
from foundation.web.versions import version_of
from invoices.issuing.operations import cancel
from invoices.tests.factories import IN_NOVEMBER, BilledUseFactory, issued_invoice
from tariffs.tests.factories import TariffFactory, TariffPriceFactory

pytestmark = pytest.mark.django_db

TAXES = "?from=2026-11-01&to=2026-11-30"


def test_the_journal_is_of_last_month_by_default(operator_client: Client) -> None:
    page = operator_client.get("/accounting/")
    period = page.context["form"].period
    assert (period.start.day, period.end.day) == (1, 1)
    assert "Some accounts are not entered" in page.text


def test_the_hint_goes_when_all_accounts_are_entered(operator_client: Client) -> None:
    all_accounts()
    assert "Some accounts are not entered" not in operator_client.get("/accounting/").text


def test_taxes_are_added_up_by_month_currency_and_rate(operator_client: Client) -> None:
    issued_invoice()
    issued_invoice(BilledUseFactory.create().organization)
    cancelled = issued_invoice(BilledUseFactory.create().organization)
    cancel(invoice_id=cancelled.pk, now=IN_NOVEMBER, by=None)
    dinar = TariffFactory.create(currency="KWD")
    TariffPriceFactory.create(tariff=dinar, amount=Decimal("1.071"))
    issued_invoice(BilledUseFactory.create(tariff=dinar).organization)

    rows = exported(operator_client, f"/accounting/taxes.csv{TAXES}")

    assert [tuple(row.values()) for row in rows] == [
        ("2026-11", "EUR", "S", "19.00", "4", "18.00", "3.42", "21.42"),
        ("2026-11", "KWD", "S", "19.00", "1", "1.071", "0.203", "1.274"),
    ]
    page = operator_client.get(f"/accounting/taxes/{TAXES}")
    assert "Standard rate, 19 %" in page.text
    assert len(page.context["sums"]) == 2


def test_an_empty_period_says_so(operator_client: Client) -> None:
    page = operator_client.get("/accounting/taxes/?from=2020-01-01&to=2020-01-31")
    assert "No documents in this period" in page.text


class TestAccounts:
    def test_each_tax_without_an_account_leads_to_its_form(self, operator_client: Client) -> None:
        issued_invoice()
        page = operator_client.get("/accounting/revenue-accounts/")
        address = "/accounting/revenue-accounts/add/?category=S&amp;percent=19.00"
        assert address in page.text

        form = operator_client.get(address.replace("&amp;", "&")).context["form"]
        assert (form["category"].value(), form["percent"].value()) == ("S", "19.00")

    def test_an_account_is_entered_and_changed(self, operator_client: Client) -> None:
        values = {"category": "S", "percent": "19", "account": "8400", "tax_key": ""}
        operator_client.post("/accounting/revenue-accounts/add/", values)
        stored = RevenueAccount.objects.get()

        address = f"/accounting/revenue-accounts/{stored.pk}/"
        operator_client.post(address, {**values, "account": "8401"})
        stored.refresh_from_db()
        assert stored.account == "8401"

        page = operator_client.post("/accounting/revenue-accounts/add/", values)
        assert "This tax has an account already." in page.text

    @pytest.mark.parametrize("account", ["8400.", "", "1234567890", "-1", "abc", "62 01", "62..01"])
    def test_what_is_no_account_is_refused(self, operator_client: Client, account: str) -> None:
        values = {"category": "S", "percent": "19", "account": account, "tax_key": ""}
        page = operator_client.post("/accounting/revenue-accounts/add/", values)
        assert page.context["form"].errors.keys() == {"account"}

    @pytest.mark.parametrize("account", ["62.01", "90.01.1", "76.Ц"])
    def test_accounts_of_1c_have_dots_and_letters(
        self, operator_client: Client, account: str
    ) -> None:
        values = {"category": "S", "percent": "20", "account": account, "tax_key": ""}
        operator_client.post("/accounting/revenue-accounts/add/", values)
        assert RevenueAccount.objects.get().account == account

        settings = {"bank": account, "first_debtor": "1", "account_digits": "4", "year_begins": "1"}
        version = version_of(stored_values(None))
        operator_client.post("/accounting/settings/", {**settings, "version": version})
        assert AccountingSettings.objects.get().bank == account

    @pytest.mark.parametrize("number", ["consultant", "client"])
    def test_accounts_have_digits_once_a_number_of_datev_is_entered(
        self, operator_client: Client, number: str
    ) -> None:
        RevenueAccount.objects.create(category="S", percent="20", account="90.01.1")
        version = version_of(stored_values(None))
        values = {"first_debtor": "1", "account_digits": "4", "year_begins": "1", number: "1001"}
        page = operator_client.post(
            "/accounting/settings/", {**values, "bank": "62.01", "cash": "1000", "version": version}
        )
        errors = page.context["form"].errors
        assert errors.keys() == {"bank", number}
        assert "90.01.1" in errors[number][0]

        AccountingSettings.objects.create(**{number: 1001})
        account = {"category": "S", "percent": "19", "account": "90.01", "tax_key": ""}
        page = operator_client.post("/accounting/revenue-accounts/add/", account)
        assert page.context["form"].errors.keys() == {"account"}

    def test_settings_are_saved_unless_somebody_else_changed_them(
        self, operator_client: Client
    ) -> None:
        values = {
            "bank": "1200",
            "first_debtor": "20000",
            "account_digits": "4",
            "year_begins": "1",
        }
        empty = version_of(stored_values(None))
        operator_client.post("/accounting/settings/", {**values, "version": empty})
        assert AccountingSettings.objects.get().bank == "1200"

        values["bank"] = "1210"
        page = operator_client.post("/accounting/settings/", {**values, "version": empty})
        assert page.context["conflict"]
        assert AccountingSettings.objects.get().bank == "1200"

    def test_a_number_that_datev_does_not_know_is_refused(self, operator_client: Client) -> None:
        values = {
            "consultant": "1000",
            "client": "100000",
            "first_debtor": "1",
            "account_digits": "9",
            "year_begins": "13",
        }
        page = operator_client.post("/accounting/settings/", values)
        assert page.context["form"].errors.keys() == {
            "consultant",
            "client",
            "account_digits",
            "year_begins",
        }
