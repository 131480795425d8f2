"""The demonstration's provider and invoices, and the command `demo`."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts.models import Notice, User
from accounts.tests.factories import OperatorFactory
from debits.models import DebitBatch
from demo.load import load_demonstration
from demo.records import Sizes
from demo.sign_ins import SIGN_INS
from demo.usage_load import NotEmptyError
from invoices.models import Correction, DeferredCorrection, Invoice, StoredDocument
from invoices.provider.forms import ProviderForm
from invoices.provider.logos import checked_logo
from invoices.provider.models import Provider
from invoices.provider.operations import stored_provider_details
from invoices.provider.parties import missing_details, provider_details
from invoices.querysets import State
from invoices.tests.factories import ProviderFactory
from organizations.billing.details import details_of
from organizations.models import AddressRequest, Organization, Partnership
from rating.periods import month_of
from reminders.models import Arrangement, PaymentPromise, Question, Reminder
from tariffs.models import VolumeStep
from tariffs.tests.factories import TariffFactory
from tests.jobs import jobs
from usage.models import Camera

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def load(sizes: Sizes) -> None:
    load_demonstration(seed=1, today=TODAY, sizes=sizes, progress=lambda step: None)


def test_the_provider_can_issue_invoices() -> None:
    load(Sizes(3, 3))

    provider = provider_details()
    form = ProviderForm(stored_provider_details(provider), instance=provider)

    assert missing_details(provider, details_of(1), month_of(TODAY)) == []
    assert form.is_valid(), form.errors
    assert provider.logo is not None
    assert checked_logo(bytes(provider.logo.content)) == provider.logo


def test_invoices_differ_and_are_settled() -> None:
    load(Sizes())

    (correction,) = Correction.objects.select_related("document")
    assert correction.document.is_credit_note
    assert correction.document.cancels is None
    deferred = DeferredCorrection.objects.get().invoice
    differing = Invoice.objects.filter(difference__isnull=False)
    assert deferred in differing
    assert correction.corrects not in differing
    assert differing.count() > 1


def test_there_are_invoices_in_every_state() -> None:
    load(Sizes())

    invoices = Invoice.objects.with_open_item(TODAY)
    states = {each.state for each in invoices}  # type: ignore[attr-defined]
    assert states == {"", *State}
    own = invoices.filter(organization=1)
    assert [each.period_from.month for each in own.order_by("pk")] == [7, 8]
    assert invoices.earliest("pk") in own
    assert not invoices.overlapping(date(2026, 10, 1), date(2026, 11, 1)).exists()
    assert {job["task_name"] for job in jobs()} == {
        "accounts.send_notices",
        "invoices.send_deliveries",
        "reminders.send_mails",
        "bank.match",
        "debits.send_notices",
    }
    assert not StoredDocument.objects.exists()


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 3, 2), date(2026, 12, 31)])
def test_loads_on_any_day(day: date) -> None:
    load_demonstration(seed=1, today=day, sizes=Sizes(9, 200), progress=lambda step: None)

    assert Invoice.objects.exists()


@pytest.mark.parametrize("factory", [OperatorFactory, TariffFactory, ProviderFactory])
def test_refuses_a_database_that_is_not_empty(factory: type[TariffFactory]) -> None:
    factory.create()

    with pytest.raises(NotEmptyError):
        load(Sizes(3, 3))
    with pytest.raises(CommandError, match="The database is not empty"):
        call_command("demo", "--organizations=3", "--cameras=3", verbosity=0)
    assert not Camera.objects.exists()


def test_refuses_a_server_that_people_use(settings: Settings) -> None:
    settings.HTTPS = True

    with pytest.raises(CommandError, match="looks like a server that people use"):
        call_command("demo", "--organizations=3", "--cameras=3", verbosity=0)
    assert not User.objects.exists()


def test_the_command_prints_the_sign_ins(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("demo", "--seed=5", "--organizations=4", "--cameras=30")

    printed = capsys.readouterr()
    assert Camera.objects.count() == 30
    assert Provider.objects.count() == 1
    assert "Cameras: 100%" in printed.err
    for _, email, password in SIGN_INS:
        assert f"{email}  {password}" in printed.out


@pytest.mark.parametrize("option", ["--organizations=0", "--cameras=-1", "--cameras=10000001"])
def test_refuses_sizes_out_of_bounds(option: str) -> None:
    with pytest.raises(CommandError, match="must be"):
        call_command("demo", option)
    assert not User.objects.exists()


def test_there_are_terms_of_each_kind_a_suspended_organization_and_a_partner() -> None:
    load(Sizes())

    agreed = Organization.objects.get(pk=8)
    for terms in (
        agreed.individual_prices,
        agreed.discounts,
        agreed.discount_exemptions,
        agreed.fees,
        agreed.minimums,
        agreed.one_off_charges.filter(quantity__gt=0),
        agreed.one_off_charges.filter(quantity__lt=0),
    ):
        assert terms.exists()
    assert Organization.objects.get(pk=9).suspensions.exists()
    assert Partnership.objects.filter(partner=10).count() == 2
    assert VolumeStep.objects.count() == 2


def test_reminders_are_at_different_levels() -> None:
    load(Sizes())

    sent = Reminder.objects.sent()
    assert set(sent.values_list("level__name", flat=True)) > {"Payment reminder", "Last reminder"}
    assert sent.filter(follow_up="suspend").exists()
    assert Reminder.objects.undecided().exists()
    assert Arrangement.objects.exists()
    assert PaymentPromise.objects.exists()


def test_direct_debits_are_collected_returned_and_pending() -> None:
    load(Sizes())

    collected, waiting = DebitBatch.objects.order_by("pk")
    assert (collected.state, waiting.state) == (DebitBatch.State.COLLECTED, DebitBatch.State.MADE)
    assert waiting.collected_on > TODAY > collected.collected_on
    *others, last = collected.collections.order_by("pk")
    assert others
    assert all(each.payment_id and each.returned_at is None for each in others)
    assert last.reason.startswith("MD06")
    assert last.mandate.failed_at is not None
    assert last.mandate.organization.pk not in waiting.collections.values_list(
        "mandate__organization", flat=True
    )
    assert not collected.collections.filter(is_pending=True).exists()


def test_an_owner_has_asked_about_invoices_and_for_another_address() -> None:
    load(Sizes())

    assert {*Question.objects.values_list("state", flat=True)} == {"open", "closed"}
    assert AddressRequest.objects.get().is_open
    assert {each.language for each in Notice.objects.all()} == {"en"}


def test_an_organization_has_moved_another_is_closed_and_one_has_a_former_owner() -> None:
    load(Sizes())

    moved, closed = Organization.objects.get(pk=3), Organization.objects.get(pk=12)
    assert len(moved.zones) == 2
    assert closed.closed_on == date(2026, 10, 31)
    assert not closed.usage_intervals.filter(ended_at=None).exists()
    handed_over = Invoice.objects.filter(organization=3).order_by("issued_at")
    owners = list(handed_over.values_list("owner__email", flat=True))
    assert owners[0] == SIGN_INS[-1][1]
    assert owners[-1] == Organization.objects.get(pk=3).owner.email != owners[0]
