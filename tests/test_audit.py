"""The audit trail: the database records every change, however it is made, and keeps it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from accounting.tests.factories import a_revenue_account, all_accounts
from accounts.mail_texts.models import MailText
from accounts.models import AddressChange, User
from accounts.tests.factories import OperatorFactory, OwnerFactory
from api.models import TokenOrganization
from api.tests.factories import a_token
from bank.tests.factories import a_line, an_account
from debits.tests.factories import a_mandate, debit_settings
from demo.records import Sizes
from demo.usage_load import load_usage
from invoices.models import (
    DeferredCorrection,
    Design,
    FrenchNotes,
    InvoiceRun,
    RunExclusion,
    RunSchedule,
)
from invoices.rates.tests.factories import ExchangeRateFactory
from invoices.terms.tests.factories import an_account_for, document_terms, organization_terms
from invoices.tests.factories import IN_NOVEMBER, ProviderFactory, issued_invoice
from organizations.addresses.tests.factories import a_proposal
from organizations.members.models import MemberRole
from organizations.models import EarlierTimeZone, Tag, TaxCategory
from organizations.tests.factories import (
    BillingDetailsFactory,
    DiscountExemptionFactory,
    DiscountFactory,
    FeeFactory,
    IndividualPriceFactory,
    MinimumFactory,
    OneOffChargeFactory,
    OrganizationFactory,
    PartnershipFactory,
    SuspensionFactory,
    a_tax,
)
from reminders.models import ReminderSettings, SmallAmount
from reminders.tests.factories import (
    a_level,
    a_promise,
    a_question,
    an_arrangement,
    an_empty_reminder,
)
from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory, TariffPriceFactory, VolumeStepFactory
from tests.jobs import run_jobs
from usage.models import Camera, PlannedChange, UsageImport, UsageInterval
from usage.tests.factories import CameraFactory, UsageImportFactory, UsageIntervalFactory
from watcher.models import ReadingSettings, SuspensionSettings
from watcher.tests.factories import CameraLimitFactory, ConnectionFactory, PresetLinkFactory
from watcher.writing.tests.factories import WriteRequestFactory

pytestmark = pytest.mark.django_db

AUDITED = {
    "accounts.User": "name",
    "accounts.AddressChange": "email",
    "accounts.MailText": "subject",
    "api.Token": "name",
    "api.TokenOrganization": "organization_id",
    "tariffs.Tariff": "name",
    "tariffs.TariffPrice": "amount",
    "tariffs.VolumeStep": "amount",
    "organizations.Organization": "title",
    "organizations.Availability": "tariff_id",
    "organizations.Tax": "name",
    "organizations.TaxPercent": "percent",
    "organizations.BillingDetails": "city",
    "organizations.EarlierTimeZone": "time_zone",
    "organizations.Membership": "role",
    "organizations.Note": "text",
    "organizations.AddressRequest": "city",
    "organizations.Contact": "name",
    "organizations.Tag": "name",
    "organizations.Tagging": "tag_id",
    "organizations.Suspension": "reason",
    "organizations.IndividualPrice": "amount",
    "organizations.Discount": "percent",
    "organizations.DiscountExemption": "tariff_id",
    "organizations.Fee": "name",
    "organizations.OneOffCharge": "text",
    "organizations.Minimum": "amount",
    "organizations.Partnership": "last_on",
    "accounting.AccountingSettings": "bank",
    "accounting.RevenueAccount": "account",
    "debits.DebitSettings": "bic",
    "debits.Mandate": "holder",
    "bank.BankAccount": "title",
    "bank.BankLine": "name",
    "reminders.Arrangement": "reason",
    "reminders.Level": "name",
    "reminders.LevelFee": "currency",
    "reminders.LevelText": "subject",
    "reminders.PaymentPromise": "note",
    "reminders.Question": "state",
    "reminders.Reminder": "subject",
    "reminders.ReminderSettings": "is_automatic",
    "reminders.SmallAmount": "currency",
    "watcher.CameraLimit": "most_cameras",
    "watcher.Connection": "login",
    "watcher.PresetLink": "tariff_id",
    "watcher.ReadingSettings": "every_minutes",
    "watcher.SuspensionSettings": "limits_cameras",
    "watcher.WriteRequest": "about",
    "usage.Camera": "title",
    "usage.UsageInterval": "ended_at",
    "usage.UsageImport": "file_name",
    "usage.PlannedChange": "title",
    "invoices.FrenchNotes": "penalties",
    "invoices.CurrencyAccount": "bank",
    "invoices.DocumentTerms": "footer_en",
    "invoices.OrganizationTerms": "days_to_pay",
    "invoices.Provider": "name",
    "invoices.Design": "font",
    "invoices.ExchangeRate": "source",
    "invoices.DeferredCorrection": "asked_at",
    "invoices.InvoiceRun": "month",
    "invoices.RunExclusion": "month",
    "invoices.RunSchedule": "next_on",
}
# Only a larger demonstration has corrections, planned changes and agreements.
NOT_IN_THE_DEMONSTRATION = (
    "accounts.AddressChange",
    "accounts.MailText",
    "api.Token",
    "api.TokenOrganization",
    "invoices.CurrencyAccount",
    "invoices.DeferredCorrection",
    "invoices.FrenchNotes",
    "invoices.Design",
    "invoices.DocumentTerms",
    "invoices.ExchangeRate",
    "invoices.InvoiceRun",
    "invoices.OrganizationTerms",
    "invoices.RunExclusion",
    "invoices.RunSchedule",
    "organizations.AddressRequest",
    "organizations.Discount",
    "organizations.DiscountExemption",
    "organizations.Fee",
    "organizations.IndividualPrice",
    "organizations.Membership",
    "organizations.Minimum",
    "organizations.OneOffCharge",
    "organizations.Partnership",
    "organizations.Suspension",
    "reminders.Arrangement",
    "reminders.PaymentPromise",
    "reminders.Question",
    "reminders.Reminder",
    "tariffs.VolumeStep",
    "usage.PlannedChange",
    "watcher.CameraLimit",
    "watcher.Connection",
    "watcher.PresetLink",
    "watcher.ReadingSettings",
    "watcher.SuspensionSettings",
    "watcher.WriteRequest",
)
# Only their creation is recorded: they can be neither changed nor deleted.
FROZEN = {"invoices.Invoice", "payments.Allocation", "payments.Payment"}
END = datetime(2026, 2, 1, tzinfo=UTC)


def events(model: str) -> Any:
    return apps.get_model(f"{model}Event")._default_manager.order_by("pgh_id")


def run(sql: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def table(model: str, suffix: str = "") -> str:
    return str(apps.get_model(model + suffix)._meta.db_table)


def make(model: str) -> Any:
    """Create one row."""
    makers: dict[str, Callable[[], Any]] = {
        "accounts.User": OwnerFactory.create,
        "accounts.AddressChange": lambda: AddressChange.objects.create(
            user=OwnerFactory.create(), email="new@example.com", requested_at=END
        ),
        "accounts.MailText": lambda: MailText.objects.create(kind="invoice", language="en"),
        "accounting.AccountingSettings": all_accounts,
        "api.Token": lambda: a_token(OperatorFactory.create()).token,
        "api.TokenOrganization": _token_organization,
        "accounting.RevenueAccount": a_revenue_account,
        "debits.DebitSettings": debit_settings,
        "debits.Mandate": lambda: a_mandate(OrganizationFactory.create()),
        "bank.BankAccount": an_account,
        "bank.BankLine": a_line,
        "reminders.Arrangement": an_arrangement,
        "reminders.Level": a_level,
        "reminders.LevelFee": lambda: a_level(fee="5.00").fees.get(),
        "reminders.LevelText": lambda: a_level().texts.create(language="en"),
        "reminders.PaymentPromise": a_promise,
        "reminders.Question": a_question,
        "reminders.Reminder": an_empty_reminder,
        "reminders.ReminderSettings": lambda: ReminderSettings.objects.create(pk=1),
        "reminders.SmallAmount": lambda: SmallAmount.objects.create(currency="EUR", amount=1),
        "tariffs.Tariff": TariffFactory.create,
        "tariffs.TariffPrice": TariffPriceFactory.create,
        "organizations.Organization": OrganizationFactory.create,
        "organizations.Availability": lambda: OrganizationFactory.create(
            tariffs=[TariffFactory.create()]
        ).tariffs.through.objects.get(),
        "organizations.Tax": lambda: a_tax(TaxCategory.EXPORT),
        "organizations.TaxPercent": lambda: a_tax().percents.get(),
        "organizations.BillingDetails": BillingDetailsFactory.create,
        "organizations.EarlierTimeZone": lambda: EarlierTimeZone.objects.create(
            organization=OrganizationFactory.create(), time_zone="Asia/Tokyo"
        ),
        "organizations.Membership": lambda: OrganizationFactory.create().memberships.create(
            user=OwnerFactory.create(), role=MemberRole.READER
        ),
        "organizations.Note": lambda: OrganizationFactory.create().notes.create(
            author=OperatorFactory.create(), written_at=END, text="Note"
        ),
        "organizations.AddressRequest": a_proposal,
        "organizations.Contact": lambda: OrganizationFactory.create().contacts.create(name="Ann"),
        "organizations.Tag": lambda: Tag.objects.create(name="Tag"),
        "organizations.Tagging": lambda: OrganizationFactory.create().taggings.create(
            tag=Tag.objects.create(name="Tag")
        ),
        "tariffs.VolumeStep": VolumeStepFactory.create,
        "organizations.Suspension": SuspensionFactory.create,
        "organizations.IndividualPrice": IndividualPriceFactory.create,
        "organizations.Discount": DiscountFactory.create,
        "organizations.DiscountExemption": DiscountExemptionFactory.create,
        "organizations.Fee": FeeFactory.create,
        "organizations.OneOffCharge": OneOffChargeFactory.create,
        "organizations.Minimum": MinimumFactory.create,
        "organizations.Partnership": PartnershipFactory.create,
        "usage.PlannedChange": _planned_change,
        "watcher.CameraLimit": CameraLimitFactory.create,
        "watcher.Connection": ConnectionFactory.create,
        "watcher.PresetLink": PresetLinkFactory.create,
        "watcher.ReadingSettings": ReadingSettings.objects.create,
        "watcher.SuspensionSettings": SuspensionSettings.objects.create,
        "watcher.WriteRequest": WriteRequestFactory.create,
        "usage.Camera": CameraFactory.create,
        "usage.UsageInterval": UsageIntervalFactory.create,
        "usage.UsageImport": UsageImportFactory.create,
        "invoices.FrenchNotes": lambda: FrenchNotes.objects.create(pk=1),
        "invoices.CurrencyAccount": an_account_for,
        "invoices.DocumentTerms": document_terms,
        "invoices.OrganizationTerms": lambda: organization_terms(OrganizationFactory.create()),
        "invoices.Provider": ProviderFactory.create,
        "invoices.Design": lambda: Design.objects.create(provider=ProviderFactory.create()),
        "invoices.ExchangeRate": ExchangeRateFactory.create,
        "invoices.DeferredCorrection": _deferred_correction,
        "invoices.InvoiceRun": lambda: InvoiceRun.objects.create(month=END.date(), started_at=END),
        "invoices.RunExclusion": lambda: RunExclusion.objects.create(
            organization=OrganizationFactory.create(), month=END.date().replace(month=1)
        ),
        "invoices.RunSchedule": lambda: RunSchedule.objects.create(
            day=1, at=END.time(), next_on=END.date()
        ),
    }
    return makers[model]()


def _token_organization() -> TokenOrganization:
    limits = [OrganizationFactory.create().pk]
    a_token(OperatorFactory.create(), organization_ids=limits)
    return TokenOrganization.objects.get()


def _planned_change() -> PlannedChange:
    return PlannedChange.objects.create(
        kind=PlannedChange.Kind.CONNECT,
        organization=OrganizationFactory.create(),
        name="gate",
        tariff=TariffFactory.create(),
        at=END,
        asked_at=END - timedelta(days=1),
        asked_by=OperatorFactory.create(),
    )


def _deferred_correction() -> DeferredCorrection:
    invoice = issued_invoice()
    return DeferredCorrection.objects.create(
        invoice=invoice, organization=invoice.organization, asked_at=IN_NOVEMBER
    )


def another_value(model: str) -> Any:
    values = {
        "tariffs.TariffPrice": 17,
        "tariffs.VolumeStep": 17,
        "organizations.IndividualPrice": 17,
        "organizations.Discount": 17,
        "organizations.Minimum": 17,
        "organizations.Partnership": date(2026, 12, 31),
        "organizations.TaxPercent": 17,
        "usage.UsageInterval": END,
        "reminders.LevelFee": "USD",
        "reminders.Question": "closed",
        "reminders.ReminderSettings": True,
        "reminders.SmallAmount": "USD",
        "watcher.CameraLimit": 17,
        "watcher.ReadingSettings": 17,
        "watcher.SuspensionSettings": True,
        "invoices.DeferredCorrection": END,
        "invoices.OrganizationTerms": 17,
        "invoices.InvoiceRun": END.date().replace(month=3),
        "invoices.RunExclusion": END.date(),
        "invoices.RunSchedule": END.date().replace(month=3),
        "organizations.Membership": MemberRole.OWNER,
        "accounts.AddressChange": "another@example.com",
    }
    made: dict[str, Callable[[], Any]] = {
        "organizations.Availability": TariffFactory.create,
        "organizations.DiscountExemption": TariffFactory.create,
        "watcher.PresetLink": TariffFactory.create,
        "api.TokenOrganization": OrganizationFactory.create,
        "organizations.Tagging": lambda: Tag.objects.create(name="Another"),
    }
    return made[model]().pk if model in made else values.get(model, "Another")


def test_covers_every_important_table() -> None:
    kept = {each._meta.label for each in apps.get_models() if hasattr(each, "pgh_trackers")}

    assert kept - {"pghistory.Events", "pghistory.MiddlewareEvents"} == {
        f"{model}Event" for model in {*AUDITED, *FROZEN}
    }


@pytest.mark.parametrize(("model", "column"), AUDITED.items())
def test_records_creation_change_and_deletion_even_by_raw_sql(model: str, column: str) -> None:
    row = make(model)
    value, key = another_value(model), row._meta.pk.column
    run(f"UPDATE {table(model)} SET {column} = %s WHERE {key} = %s", value, row.pk)
    run("SET CONSTRAINTS ALL IMMEDIATE")
    if model in ("tariffs.Tariff", "organizations.Organization", "accounts.User"):
        run("DELETE FROM organizations_organization_tariffs")
    run(f"DELETE FROM {table(model)} WHERE {key} = %s", row.pk)

    recorded = list(events(model).filter(pgh_obj=row.pk))
    assert [each.pgh_label for each in recorded] == ["insert", "update", "delete"]
    assert getattr(recorded[0], column) == getattr(row, column)
    assert getattr(recorded[1], column) == getattr(recorded[2], column) == value
    assert {each.pgh_context for each in recorded} == {None}


def test_saving_without_a_change_records_nothing() -> None:
    tariff = TariffFactory.create()
    tariff.save()

    assert events("tariffs.Tariff").count() == 1


def test_records_every_row_of_a_statement() -> None:
    CameraFactory.create_batch(3)
    Camera.objects.update(title="Same")

    changed = events("usage.Camera").filter(pgh_label="update")
    assert {each.title for each in changed} == {"Same"}
    assert set(changed.values_list("pgh_obj", flat=True)) == set(
        Camera.objects.values_list("pk", flat=True)
    )


def test_never_records_passwords_or_sign_ins() -> None:
    user = OwnerFactory.create()
    before = events("accounts.User").count()
    user.set_password("another horse battery")
    user.last_login = END
    user.save()

    assert events("accounts.User").count() == before
    columns = {field.column for field in events("accounts.User").model._meta.fields}
    assert not columns & {"password", "last_login"}


@pytest.mark.parametrize("model", AUDITED)
@pytest.mark.parametrize("change", ["UPDATE {} SET pgh_label = 'x'", "DELETE FROM {}"])
def test_events_cannot_be_changed_or_deleted(model: str, change: str) -> None:
    make(model)

    with pytest.raises(DatabaseError, match="Cannot update or delete rows"), transaction.atomic():
        run(change.format(table(model, "Event")))
    assert events(model).exists()


@pytest.mark.parametrize("model", AUDITED)
@pytest.mark.parametrize("suffix", ["", "Event"])
def test_events_and_audited_tables_cannot_be_truncated(model: str, suffix: str) -> None:
    run("SET LOCAL billing.may_truncate = 'off'")

    with pytest.raises(DatabaseError, match="cannot be truncated"), transaction.atomic():
        run(f"TRUNCATE {table(model, suffix)} CASCADE")


class TestWho:
    def test_is_the_signed_in_person(self, operator_client: Client, operator: User) -> None:
        entries = {
            "name": "Basic",
            "amount": "9",
            "currency": "EUR",
            "valid_from": "2026-01-01",
            "dvr_depth_days": "0",
            "dvr_space_gb": "0",
            "has_anpr": "False",
            "proration": "second",
        }
        operator_client.post("/tariffs/add/", entries)

        assert Tariff.objects.exists()
        for model in ("tariffs.Tariff", "tariffs.TariffPrice"):
            assert events(model).get().pgh_context == {"user": operator.pk}

    @pytest.mark.django_db(transaction=True)
    def test_is_the_person_who_imports_in_the_browser(
        self, operator_client: Client, operator: User
    ) -> None:
        file = BytesIO(a_file().encode())
        file.name = "usage.csv"
        kept = operator_client.post("/usage/import/", {"file": file})
        run_jobs()
        operator_client.post(kept["Location"])
        run_jobs()

        assert UsageInterval.objects.count() == 2
        for model in ("usage.Camera", "usage.UsageInterval"):
            contexts = events(model).values_list("pgh_context", flat=True)
            done = UsageImport.objects.get().pk
            who = {"job": "usage.read_upload", "user": operator.pk, "usage_import": done}
            assert list(contexts) == [who] * len(contexts)

    def test_is_not_a_person_who_only_reads(self, operator_client: Client) -> None:
        operator_client.get("/tariffs/")
        TariffFactory.create()

        assert events("tariffs.Tariff").get().pgh_context is None

    def test_ends_with_the_request(self, operator_client: Client) -> None:
        operator_client.post("/tariffs/add/", {})
        TariffFactory.create()

        assert events("tariffs.Tariff").get().pgh_context is None

    def test_is_the_command(self, tmp_path: Path) -> None:
        path = tmp_path / "usage.csv"
        path.write_text(a_file())
        call_command("import_usage", str(path), verbosity=0, stdout=StringIO())

        assert events("usage.UsageInterval").count() == 2
        for event in events("usage.UsageInterval"):
            done = UsageImport.objects.get().pk
            assert event.pgh_context == {"command": "import_usage", "usage_import": done}

    def test_is_the_command_that_loads_the_demonstration(self) -> None:
        call_command("demo", cameras=20, organizations=3, verbosity=0, stdout=StringIO())

        for model in AUDITED.keys() - {"usage.UsageImport"}:
            contexts = {str(each.pgh_context) for each in events(model)}
            created = events(model).filter(pgh_label="insert").count()
            assert created or model in NOT_IN_THE_DEMONSTRATION
            assert contexts == ({"{'command': 'demo'}"} if created else set())
            assert created == apps.get_model(model)._default_manager.count()

    def test_is_the_command_that_creates_the_first_operator(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "correct horse battery")
        call_command(
            "createsuperuser", interactive=False, email="first@example.com", stdout=StringIO()
        )

        assert events("accounts.User").get().pgh_context == {"command": "createsuperuser"}

    def test_is_empty_for_rows_loaded_without_a_command(self) -> None:
        load_usage(seed=1, today=date(2026, 11, 23), sizes=Sizes(2, 3), progress=lambda step: None)

        assert {event.pgh_context for event in events("usage.Camera")} == {None}


def test_an_invitation_records_the_inviter(operator_client: Client, operator: User) -> None:
    operator_client.post("/organizations/owners/add/", {"email": "ann@example.com"})

    event = events("accounts.User").get(email="ann@example.com")
    assert event.pgh_context == {"user": operator.pk}


def a_file() -> str:
    """Return a file with two usage intervals of a new camera."""
    tariff = TariffFactory.create(name="Basic")
    OrganizationFactory.create(title="Acme", tariffs=[tariff])
    return (
        "organization,camera,title,tariff,started_at,ended_at\n"
        "Acme,gate-1,Gate,Basic,2026-01-01T00:00:00Z,2026-02-01T00:00:00Z\n"
        "Acme,gate-1,Gate,Basic,2026-03-01T00:00:00Z,\n"
    )
