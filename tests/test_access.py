"""Who gets what at each address: the table is in tests/addresses.py."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.urls import reverse

from api.core.middleware import ROOT as API
from tests.addresses import NOT_FOR_READERS, PEOPLE, ROUTES, ROWS, World, make_world, row_of
from tests.markup import inline_code

_OF_USE = {"django_session", "api_token", "api_requestcount"}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("captured_mail")]


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@contextmanager
def undone() -> Iterator[None]:
    """Undo all changes made in the block."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def contents() -> list[tuple[object, ...]]:
    """Return a digest of each table except those of sessions and of what tokens are used for."""
    tables = [name for name in connection.introspection.table_names() if name not in _OF_USE]
    with connection.cursor() as cursor:
        quoted = [(name, connection.ops.quote_name(name)) for name in tables]
        each = (
            f"SELECT '{name}', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t"
            for name, table in quoted
        )
        cursor.execute(" UNION ALL ".join(each))
        return sorted(cursor.fetchall())


def outcome(answer: HttpResponseBase) -> str:
    """Return the table's word for a response; read it to its end, and check its page."""
    content: bytes = answer.getvalue()
    if answer.get("Content-Type", "").startswith("text/html"):
        assert inline_code(content.decode()) == []
    # The sign-in page of Django admin has its own row, which shows that it redirects to ours.
    sign_in = (reverse("account_login"), reverse("admin:login"))
    to_sign_in = answer.get("Location", "").startswith(sign_in)
    status = "go" if answer.status_code == 302 else str(answer.status_code)
    return "in" if to_sign_in else status


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert sorted({row_of(route) for route in ROUTES}) == sorted(ROWS)


@pytest.mark.parametrize("route", ROUTES)
def test_get(world: World, route: str) -> None:
    address, browsers = world.fill(route), [world.client(person) for person in PEOPLE]
    before = contents()

    got = tuple(outcome(browser.get(address)) for browser in browsers)

    assert got == ROWS[row_of(route)].get
    assert contents() == before


@pytest.mark.parametrize("route", ROUTES)
def test_post(world: World, route: str) -> None:
    address, got = world.fill(route), []

    for person in PEOPLE:
        with undone():
            got.append(outcome(world.client(person, token="t" * 32).post(address)))

    assert tuple(got) == ROWS[row_of(route)].post


@pytest.mark.parametrize("route", ROUTES)
def test_a_reader_gets_what_the_owner_gets_except_documents_and_money(
    world: World, route: str
) -> None:
    row, owner = ROWS[row_of(route)], PEOPLE.index("owner")

    got = outcome(world.client("reader").get(world.fill(route)))

    assert got == NOT_FOR_READERS.get(route, row.get[owner])
    with undone():
        posted = outcome(world.client("reader", token="t" * 32).post(world.fill(route)))
    wanted = row.post[owner]
    # A method that nobody can use is refused to everybody.
    assert posted == (wanted if wanted == "405" else NOT_FOR_READERS.get(route, wanted))


@pytest.mark.parametrize("route", [each for each in ROUTES if not each.startswith(API)])
def test_post_without_a_csrf_token_is_refused(world: World, route: str) -> None:
    address, browsers = world.fill(route), [world.client(person) for person in PEOPLE]
    before = contents()

    for browser in browsers:
        answer = browser.post(address)
        assert answer.status_code == 403
        assert "This form has expired" in answer.content.decode()

    assert contents() == before
