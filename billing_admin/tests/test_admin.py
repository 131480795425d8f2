"""Django admin: support staff can view everything, and nobody can change anything."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib import admin
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format

from accounts.models import User
from accounts.tests.factories import OwnerFactory
from accounts.tests.links import deliver, path_in
from foundation.lists import admin_lookup
from invoices.models import Invoice
from invoices.provider.models import Provider
from organizations.addresses.tests.factories import a_proposal
from organizations.models import AddressRequest, Organization, Tax
from organizations.tests.factories import OrganizationFactory
from payments.models import Allocation, Payment
from payments.tests.factories import a_payment
from reminders.models import Arrangement, Level, PaymentPromise, Reminder
from reminders.tests.factories import a_promise, a_reminder, an_arrangement
from tariffs.models import Tariff, TariffPrice
from tariffs.tests.factories import TariffFactory, TariffPriceFactory
from tests.mail_server import MailServer
from usage.models import Camera, UsageInterval
from usage.tests.factories import CameraFactory, UsageIntervalFactory
from watcher.models import (
    CameraChange,
    CameraLimit,
    Difference,
    PlatformCamera,
    PlatformOrganization,
    PlatformPreset,
    Poll,
    PresetLink,
    ReportDifference,
    SuspendedItem,
    WatcherSuspension,
    WriteRequest,
)
from watcher.reading.tests.test_pages import a_change
from watcher.tests.factories import (
    CameraLimitFactory,
    DifferenceFactory,
    PlatformCameraFactory,
    PresetLinkFactory,
    ReportDifferenceFactory,
)
from watcher.tests.rows import rows_of_watcher
from watcher.writing.tests.factories import WriteRequestFactory

LOOKED_UP = [
    User,
    Organization,
    AddressRequest,
    Tax,
    Tariff,
    Camera,
    UsageInterval,
    Invoice,
    Payment,
    Allocation,
    Reminder,
    Level,
    Arrangement,
    PaymentPromise,
    Provider,
    PlatformOrganization,
    PlatformPreset,
    PlatformCamera,
    PresetLink,
    Poll,
    CameraChange,
    Difference,
    ReportDifference,
    CameraLimit,
    WatcherSuspension,
    SuspendedItem,
    WriteRequest,
]
IN_JULY = datetime(2026, 7, 1, tzinfo=ZoneInfo("UTC"))


def list_of(model: type[models.Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def page_of(thing: models.Model) -> str:
    name = f"admin:{thing._meta.app_label}_{thing._meta.model_name}_change"
    return reverse(name, args=[thing.pk])


@pytest.fixture
def interval(db: None) -> UsageInterval:
    """Return a usage interval, whose factory creates one row of every related model."""
    owner = OwnerFactory.create(email="ann@example.com", name="Ann Owner")
    organization = OrganizationFactory.create(
        title="Harbour Ltd", contract_number="C-77", owner=owner
    )
    tariff = TariffFactory.create(name="Basic", currency="EUR")
    TariffPriceFactory.create(tariff=tariff, amount="12.5", valid_from=date(2026, 1, 1))
    camera = CameraFactory.create(name="gate-1", title="North gate", organization=organization)
    return UsageIntervalFactory.create(
        camera=camera, organization=organization, tariff=tariff, started_at=IN_JULY, ended_at=None
    )


def everything(interval: UsageInterval) -> dict[type[models.Model], models.Model]:
    payment, reminder = a_payment(), a_reminder()
    assert payment.invoice
    return {
        User: interval.organization.owner,
        Organization: interval.organization,
        AddressRequest: a_proposal(interval.organization),
        Tax: Tax.objects.get(),
        Tariff: interval.tariff,
        Camera: interval.camera,
        UsageInterval: interval,
        Invoice: payment.invoice,
        Payment: payment,
        Allocation: payment.allocations.get(),
        Reminder: reminder,
        Level: reminder.level,
        Arrangement: an_arrangement(),
        PaymentPromise: a_promise(),
        Provider: Provider.objects.get(),
        WriteRequest: WriteRequestFactory.create(organization=interval.organization),
        **rows_of_watcher(interval.organization),
    }


def test_lists_only_what_support_needs() -> None:
    assert set(admin.site._registry) == set(LOOKED_UP)


class TestAccess:
    @pytest.mark.parametrize("address", ["/admin/", "/admin/usage/camera/", "/admin/login/"])
    def test_redirects_to_the_sign_in_page_and_back(
        self, client: Client, support: User, address: str
    ) -> None:
        page = client.get(address, follow=True)

        wanted = "/admin/" if address == "/admin/login/" else address
        assert page.redirect_chain[-1][0] == f"/accounts/login/?next={wanted}"

        client.force_login(support)
        assert client.get(page.redirect_chain[-1][0])["Location"] == wanted

    @pytest.mark.parametrize("role", ["operator_client", "owner_client"])
    @pytest.mark.parametrize("address", ["/admin/", "/admin/usage/camera/", "/admin/login/"])
    def test_is_closed_to_others(
        self, role: str, address: str, request: pytest.FixtureRequest
    ) -> None:
        page = request.getfixturevalue(role).get(address, follow=True)

        assert page.status_code == 403
        assert "Access denied" in page.text

    def test_signs_out_by_the_products_own_page(self, support_client: Client) -> None:
        assert support_client.get("/admin/password_change/")["Location"] == (
            "/accounts/password/change/"
        )
        assert support_client.get("/admin/logout/").status_code == 405
        assert support_client.post("/admin/logout/")["Location"] == "/accounts/login/"
        assert "_auth_user_id" not in support_client.session


class TestViewing:
    def test_opens_every_list_and_page(
        self, support_client: Client, interval: UsageInterval
    ) -> None:
        assert support_client.get("/admin/").status_code == 200
        for model, thing in everything(interval).items():
            assert support_client.get(list_of(model)).status_code == 200
            page = support_client.get(page_of(thing))
            assert page.status_code == 200
            assert 'type="text"' not in page.text
            assert "<select" not in page.text

    @pytest.mark.parametrize(
        ("model", "text", "found"),
        [
            (User, "own ann", 1),
            (User, "nn", 0),
            (Organization, "harb", 1),
            (Organization, "c-77", 1),
            (Organization, "ann@exam", 1),
            (Organization, "arbour", 1),
            (Tariff, "asi", 1),
            (Tariff, "premium", 0),
            (Camera, "gate-1 nor", 1),
            (Camera, "ate", 1),
            (UsageInterval, "nort", 1),
            (UsageInterval, "south", 0),
        ],
    )
    def test_finds(
        self,
        support_client: Client,
        interval: UsageInterval,
        model: type[models.Model],
        text: str,
        found: int,
    ) -> None:
        page = support_client.get(list_of(model), {"q": text})

        assert page.context["cl"].result_count == found

    @pytest.mark.parametrize(
        ("model", "text", "found"),
        [
            (PlatformOrganization, "watchful", 1),
            (PlatformOrganization, "south", 0),
            (PlatformCamera, "gate", 1),
            (PlatformCamera, "ate", 0),
            (CameraChange, "ate", 1),
            (CameraLimit, "harb", 1),
            (CameraLimit, "south", 0),
            (WatcherSuspension, "harb", 1),
            (WatcherSuspension, "south", 0),
        ],
    )
    def test_finds_what_watcher_has(
        self,
        support_client: Client,
        interval: UsageInterval,
        model: type[models.Model],
        text: str,
        found: int,
    ) -> None:
        rows_of_watcher(interval.organization)

        page = support_client.get(list_of(model), {"q": text})

        assert page.context["cl"].result_count == found

    def test_what_has_no_history_does_not_offer_one(
        self, support_client: Client, interval: UsageInterval
    ) -> None:
        things = rows_of_watcher(interval.organization)
        camera, limit = (page_of(things[model]) for model in (PlatformCamera, CameraLimit))

        assert "/history/" not in support_client.get(camera).text
        answer = support_client.get(camera.replace("/change/", "/history/"))
        assert answer["Location"] == camera
        assert "/history/" in support_client.get(limit).text

    def test_headings_name_what_is_shown(
        self, support_client: Client, interval: UsageInterval
    ) -> None:
        camera = interval.camera
        assert support_client.get(list_of(Camera)).context["title"] == "Cameras"
        assert support_client.get(page_of(camera)).context["title"] == "Camera"

    def test_shows_a_tariffs_prices(self, support_client: Client, interval: UsageInterval) -> None:
        page = support_client.get(page_of(interval.tariff))

        assert "12.5000" in page.text
        assert date_format(date(2026, 1, 1)) in page.text

    def test_links_lead_from_owner_to_intervals(
        self, support_client: Client, interval: UsageInterval
    ) -> None:
        UsageIntervalFactory.create()
        things = everything(interval)
        for start, target, key in (
            (User, Organization, "owner"),
            (Organization, Camera, "organization"),
            (Organization, UsageInterval, "organization"),
            (Camera, UsageInterval, "camera"),
        ):
            address = f"{list_of(target)}?{key}__id__exact={things[start].pk}"
            assert f'href="{address}"' in support_client.get(page_of(things[start])).text

            rows = support_client.get(address).context["cl"].result_list

            assert list(rows) == [things[target]]

    def test_does_not_show_passwords(self, support_client: Client, owner: User) -> None:
        assert owner.password not in support_client.get(page_of(owner)).text

    @pytest.mark.parametrize("question", ["password__startswith", "password", "email__contains"])
    def test_refuses_filters_that_its_pages_do_not_offer(
        self, support_client: Client, owner: User, question: str
    ) -> None:
        address = reverse("admin:accounts_user_changelist")
        assert support_client.get(address, {question: owner.password[:20]}).status_code == 400

    @pytest.mark.parametrize("model", LOOKED_UP)
    def test_the_number_of_queries_does_not_grow_with_rows(
        self, support_client: Client, model: type[models.Model]
    ) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                assert support_client.get(list_of(model)).status_code == 200
            return len(captured)

        UsageIntervalFactory.create()
        few = queries()
        UsageIntervalFactory.create_batch(10)

        assert queries() == few

    @pytest.mark.parametrize(
        ("model", "make"),
        [
            (PlatformOrganization, PlatformCameraFactory.create_batch),
            (PlatformPreset, PresetLinkFactory.create_batch),
            (PlatformCamera, PlatformCameraFactory.create_batch),
            (PresetLink, PresetLinkFactory.create_batch),
            (CameraChange, lambda number: [a_change() for _each in range(number)]),
            (Difference, DifferenceFactory.create_batch),
            (ReportDifference, ReportDifferenceFactory.create_batch),
            (CameraLimit, CameraLimitFactory.create_batch),
            (
                WatcherSuspension,
                lambda number: [
                    rows_of_watcher(OrganizationFactory.create()) for _each in range(number)
                ],
            ),
        ],
    )
    def test_the_number_of_queries_does_not_grow_with_what_watcher_has(
        self,
        support_client: Client,
        model: type[models.Model],
        make: Callable[[int], object],
    ) -> None:
        make(1)
        address = list_of(model)
        support_client.get(address)
        with CaptureQueriesContext(connection) as few:
            support_client.get(address)
        make(10)

        with CaptureQueriesContext(connection) as many:
            assert len(support_client.get(address).context["cl"].result_list) > 10

        assert len(many) == len(few)

    def test_limits_the_number_of_listed_rows(
        self, support_client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(admin_lookup, "ROWS_LISTED", 3)
        OwnerFactory.create_batch(4)

        page = support_client.get(list_of(User))

        assert "Showing the first 3. Search to find others." in page.text


class TestChanging:
    """Each attempt is a POST, like a forged request."""

    def test_adds_nothing(self, support_client: Client, interval: UsageInterval) -> None:
        for model in LOOKED_UP:
            address = list_of(model) + "add/"
            count = model._default_manager.count()
            for answer in (
                support_client.get(address),
                support_client.post(address, {"name": "New", "title": "New", "email": "n@e.com"}),
            ):
                assert answer.status_code == 403
            assert model._default_manager.count() == count

    def test_changes_nothing(self, support_client: Client, interval: UsageInterval) -> None:
        for model, thing in everything(interval).items():
            before = model._default_manager.values().get(pk=thing.pk)
            given = {"name": "X", "title": "X", "role": "operator", "currency": "USD"}

            answer = support_client.post(page_of(thing), {**given, "_save": "Save"})

            assert answer.status_code == 403
            assert model._default_manager.values().get(pk=thing.pk) == before

    def test_does_not_change_prices(self, support_client: Client, interval: UsageInterval) -> None:
        price = TariffPrice.objects.get()
        given = {
            "prices-TOTAL_FORMS": 1,
            "prices-INITIAL_FORMS": 1,
            "prices-0-id": price.pk,
            "prices-0-tariff": price.tariff_id,
            "prices-0-amount": "1",
            "prices-0-valid_from": "2026-01-01",
            "prices-0-DELETE": "on",
        }

        assert support_client.post(page_of(interval.tariff), given).status_code == 403
        assert TariffPrice.objects.get().amount == price.amount

    def test_deletes_nothing(self, support_client: Client, interval: UsageInterval) -> None:
        for model, thing in everything(interval).items():
            address = page_of(thing).replace("/change/", "/delete/")
            assert support_client.post(address, {"post": "yes"}).status_code == 403
            chosen: dict[str, Any] = {"action": "delete_selected", "_selected_action": thing.pk}

            support_client.post(list_of(model), {**chosen, "index": 0, "post": "yes"})

            assert model._default_manager.filter(pk=thing.pk).exists()


class TestResendingActivation:
    @pytest.fixture
    def newcomer(self, db: None) -> User:
        return OwnerFactory.create(email="new@example.com", password=None)

    def choose(self, client: Client, *users: User, **data: Any) -> str:
        chosen = {"action": "resend_activation", "_selected_action": [user.pk for user in users]}
        return client.post(list_of(User), {**chosen, **data, "index": 0}, follow=True).text

    def test_sends_to_the_chosen_users(
        self, support_client: Client, newcomer: User, owner: User, smtp_server: MailServer
    ) -> None:
        said = self.choose(support_client, newcomer, owner)

        deliver()
        assert "The activation email to new@example.com is on its way." in said
        assert f"Email not sent: {owner.email} is already activated." in said
        (message,) = smtp_server.messages
        assert Client().get(path_in(message)).status_code == 200

    def test_sends_from_the_page_of_a_user_and_returns_to_it(
        self, support_client: Client, newcomer: User, smtp_server: MailServer
    ) -> None:
        assert "Resend activation email" in support_client.get(page_of(newcomer)).text

        answer = support_client.post(
            reverse("accounts:resend_activation", args=[newcomer.pk]), {"next": page_of(newcomer)}
        )

        deliver()
        assert answer["Location"] == page_of(newcomer)
        assert len(smtp_server.messages) == 1

    def test_is_not_offered_for_an_activated_user(
        self, support_client: Client, owner: User
    ) -> None:
        assert "Resend activation email" not in support_client.get(page_of(owner)).text

    def test_limits_the_number_of_recipients(
        self, support_client: Client, newcomer: User, smtp_server: MailServer
    ) -> None:
        OwnerFactory.create_batch(20, password=None)

        said = self.choose(support_client, newcomer, select_across=1)

        assert "Select at most 20 users at a time." in said
        assert smtp_server.messages == []
