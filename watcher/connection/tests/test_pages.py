"""The pages of the connection."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.tests.factories import OperatorFactory, SupportFactory
from foundation.encryption import decrypt
from foundation.web.versions import version_of
from organizations.tests.factories import OrganizationFactory
from watcher.connection import operations
from watcher.connection.models import Connection, ConnectionState
from watcher.errors import NoRightError, stored_error
from watcher.tests.factories import ConnectionFactory

pytestmark = pytest.mark.django_db

PAGE = "/watcher/"


@pytest.fixture
def operator() -> Client:
    client = Client()
    client.force_login(OperatorFactory.create())
    return client


@pytest.fixture
def support() -> Client:
    client = Client()
    client.force_login(SupportFactory.create())
    return client


def sent(**changes: Any) -> dict[str, Any]:
    """Return what a form sends that was just opened and filled in."""
    stored = operations.stored_details(operations.stored_connection())
    typed = {"address": "https://watcher.example", "login": "billing", "secret": "x y"}
    return {**stored, **typed, **changes, "version": version_of(stored)}


def page_of(client: Client, address: str = PAGE) -> str:
    return client.get(address).content.decode()


def test_setting_up_a_connection(operator: Client) -> None:
    assert "Set up connection" in page_of(operator)

    answer = operator.post(reverse("watcher:edit"), sent())

    assert answer.status_code == 302
    stored = Connection.objects.get()
    assert (stored.address, decrypt(stored.secret)) == ("https://watcher.example", "x y")
    page = page_of(operator)
    assert "Not tested yet" in page
    assert "x y" not in page
    assert stored.secret not in page


def test_the_form_never_shows_the_password(operator: Client) -> None:
    ConnectionFactory.create()

    assert "swordfish" not in page_of(operator, reverse("watcher:edit"))
    answer = operator.post(reverse("watcher:edit"), sent(address="nonsense", secret="typed-now"))
    assert "typed-now" not in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("address", "http://watcher.example", "https://"),
        ("address", "ftp://watcher.example", "scheme and the host"),
        ("address", "https://ann:pw@watcher.example", "scheme and the host"),
        ("address", "https://watcher.example/watcher/", "scheme and the host"),
        ("address", "https://watcher.example:99999", "scheme and the host"),
        ("address", "https://", "scheme and the host"),
        ("address", "", "required"),
        ("client_base", "watcher/client-api", "begins with /"),
        ("client_base", "/a/../b", "begins with /"),
        ("admin_base", "/a/", "begins with /"),
        ("sign_in", "system_key", "API v3 needs a login"),
        ("login", "", "Enter the login"),
        ("login", "a:b", "colon"),
        ("secret", "a\nb", "single line"),
        ("pause_ms", "10001", "10000"),
    ],
)
def test_bad_input_gets_an_error_on_its_field(
    operator: Client, field: str, value: str, said: str
) -> None:
    answer = operator.post(reverse("watcher:edit"), sent(**{field: value}))

    assert answer.status_code == 200
    assert said in str(answer.context["form"].errors[field])
    assert not Connection.objects.exists()


@pytest.mark.parametrize(
    ("typed_address", "stored"),
    [
        (" HTTPS://Watcher.Example/ ", "https://watcher.example"),
        ("http://localhost:8010", "http://localhost:8010"),
        ("http://[::1]:8010/", "http://[::1]:8010"),
    ],
)
def test_an_address_is_stored_in_one_form(
    operator: Client, typed_address: str, stored: str
) -> None:
    operator.post(reverse("watcher:edit"), sent(address=typed_address))

    assert Connection.objects.get().address == stored


def test_without_a_key_the_form_says_so(operator: Client, settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = []

    answer = operator.post(reverse("watcher:edit"), sent())

    assert "ENCRYPTION_KEYS" in str(answer.context["form"].errors["secret"])
    assert "ENCRYPTION_KEYS is not set" in page_of(operator)


def test_another_address_asks_whether_it_is_the_same_watcher(operator: Client) -> None:
    ConnectionFactory.create()
    OrganizationFactory.create(watcher_id="31")
    moved = sent(address="https://new.example")

    answer = operator.post(reverse("watcher:edit"), moved)
    assert "is_same_watcher" in answer.context["form"].errors
    assert Connection.objects.get().address == "http://127.0.0.1:1"

    operator.post(reverse("watcher:edit"), moved | {"is_same_watcher": "on"})
    assert Connection.objects.get().address == "https://new.example"


def test_a_conflict_shows_both_versions(operator: Client) -> None:
    ConnectionFactory.create()
    mine = sent(address="http://127.0.0.1:1", pause_ms=200, secret="")
    Connection.objects.update(pause_ms=300)

    answer = operator.post(reverse("watcher:edit"), mine)

    page = answer.content.decode()
    assert "Your version" in page
    assert "300" in page
    assert Connection.objects.get().pause_ms == 300


def test_a_test_that_fails_says_why_without_the_password(operator: Client) -> None:
    ConnectionFactory.create()

    operator.post(reverse("watcher:test"))

    page = page_of(operator)
    assert "The test failed" in page
    assert "Watcher does not answer" in page
    assert "swordfish" not in page


def test_a_report_is_shown_in_words(support: Client) -> None:
    ConnectionFactory.create()
    ConnectionState.objects.create(
        tested_at="2026-11-30T12:00:00Z",
        report={
            "version": "26.02",
            "login": "billing",
            "is_administrator": True,
            "clock_ahead_seconds": -90.0,
            "counts": {"cameras": 12_345},
            "lacks": ["clock", "log"],
        },
    )

    page = page_of(support)

    for text in (
        "26.02",
        "90 seconds behind ours",
        "12,345",
        "The clocks of Watcher",
        "log cannot",
    ):
        assert text in page
    assert "Test again" not in page
    assert reverse("watcher:edit") not in page
    russian = support.get(reverse("watcher:connection"), headers={"accept-language": "ru"})
    assert "12\xa0345" in russian.content.decode()


def test_a_stored_failure_is_translated_for_its_reader(support: Client) -> None:
    ConnectionFactory.create()
    ConnectionState.objects.create(
        tested_at="2026-11-30T12:00:00Z", failure=stored_error(NoRightError("<b>no</b>"))
    )

    page = page_of(support)

    assert "no right to this" in page
    assert "&lt;b&gt;no&lt;/b&gt;" in page


def test_directions_are_enabled_one_by_one(operator: Client) -> None:
    ConnectionFactory.create()
    page = reverse("watcher:directions")
    shown = version_of(operations.stored_directions(Connection.objects.get()))

    refused = operator.post(page, {"version": shown, "reads": "on"})
    assert "Test the connection first" in refused.content.decode()

    ConnectionState.objects.create(report={"version": "26.02"})
    assert operator.post(page, {"version": shown, "reads": "on"}).status_code == 302
    stored = operations.stored_directions(Connection.objects.get())
    assert [name for name, value in stored.items() if value] == ["reads"]
    # The same form again, as from a second tab, changes nothing more.
    assert operator.post(page, {"version": shown, "reads": "on"}).status_code == 302


def test_a_direction_that_the_version_lacks_cannot_be_forced(operator: Client) -> None:
    ConnectionFactory.create(api_version="v2")
    ConnectionState.objects.create(report={"version": "v2"})
    shown = version_of(operations.stored_directions(Connection.objects.get()))

    operator.post(
        reverse("watcher:directions"), {"version": shown, "reads": "on", "writes_presets": "on"}
    )

    stored = Connection.objects.get()
    assert (stored.reads, stored.writes_presets) == (True, False)


def test_the_history_says_that_the_password_changed_but_not_to_what(
    operator: Client, support: Client
) -> None:
    operator.post(reverse("watcher:edit"), sent())
    operator.post(reverse("watcher:edit"), sent(secret="second-secret"))

    page = page_of(support, reverse("watcher:history"))

    assert "Password or key changed at" in page
    assert "second-secret" not in page
    assert Connection.objects.get().secret not in page


def test_the_page_needs_few_queries(
    support: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ConnectionFactory.create()
    ConnectionState.objects.create(report={})

    with django_assert_max_num_queries(8):
        support.get(PAGE)
