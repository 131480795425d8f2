"""Searches: what they find, and that they read an index."""

import re
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from foundation.audit.sql_files import read_sql
from foundation.search import index, migrations
from foundation.search.folded_again import folded_again
from foundation.search.in_memory import MORE_LETTERS, folded_text, is_found
from foundation.search.index import find, words_of
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from usage.models import Camera

pytestmark = pytest.mark.django_db

FOUND = [
    ("Kühl & Brückner", "kuhl"),
    ("Kühl & Brückner", "brueckner"),
    ("Kühl & Brückner", "bruckner kuehl"),
    ("Kühl & Brückner", "BRÜCKNER"),
    ("Brueckner", "Brückner"),
    ("Bruckner", "brückner"),
    ("Quelle", "elle"),
    ("Ёлка", "елка"),
    ("Елка", "ёлк"),
    ("Café Zoë", "cafe zoe"),
    ("Straße", "strasse"),
    ("Łódź", "lodz"),
    ("Søren Ångström", "soren angstrom"),
    ("Søren Ångström", "soeren aangstroem"),
    ("\N{LATIN CAPITAL LETTER H WITH STROKE}amrun", "hamrun"),
    ("Hamrun", "\N{LATIN SMALL LETTER H WITH STROKE}amrun"),
    ("Kárášjohka Deatnu Ŧ", "t"),
    ("\N{DOUBLE-STRUCK CAPITAL R} 7", "r 7"),
    ("\N{LATIN CAPITAL LETTER O WITH STROKE AND ACUTE}re", "ore"),
    ("Ǽro", "aero"),
    ("coŀlecció", "colleccio"),
    ("INV-2026-000031", "31"),
    ("INV-2026-000031", "000031"),
    ("INV-2026-000031", "2026-000031"),
    ("J.Smith@example.com", "smith@ex"),
    ("north gate", "gate north"),
    ("gate 7", "g 7"),
]
NOT_FOUND = [
    ("Bruckner", "brueckner"),
    ("gate 17", "7"),
    ("gate", "at"),
    ("abc bcd", "abcd"),
    ("north gate", "gate south"),
    ("gate", "%"),
    ("gate", "_"),
    ("gate", ""),
]


def camera(name: str, title: str = "") -> Camera:
    return Camera.objects.create(name=name, title=title, organization=OrganizationFactory.create())


def found(text: str) -> list[str]:
    return list(
        find(Camera.objects.order_by("pk"), text, "name", "title").values_list("title", flat=True)
    )


def execute(statement: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def add_gates() -> None:
    """Add so many cameras that PostgreSQL prefers an index."""
    organization = OrganizationFactory.create()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO usage_camera (name, title, organization_id)"
            " SELECT 'cam-' || n, 'Gate ' || n, %s FROM generate_series(1, 20000) AS n",
            [organization.pk],
        )
        cursor.execute("ANALYZE usage_camera")


def plan(rows: QuerySet[Any]) -> str:
    return rows.explain()


@pytest.mark.parametrize(("title", "typed"), FOUND)
@pytest.mark.parametrize("few", [index.FEW, 0], ids=["by index", "by reading"])
def test_words_are_found(title: str, typed: str, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "FEW", few)
    camera("cam", title)

    assert found(typed) == [title]
    assert is_found(title, typed)


@pytest.mark.parametrize(("title", "typed"), NOT_FOUND)
@pytest.mark.parametrize("few", [index.FEW, 0], ids=["by index", "by reading"])
def test_other_words_are_not_found(
    title: str, typed: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "FEW", few)
    camera("cam", title)

    assert found(typed) == []
    assert not words_of(typed) or not is_found(title, typed)


def test_a_sign_with_nothing_to_look_for_narrows_nothing() -> None:
    camera("cam", "gate")

    assert found("\N{GREEK YPOGEGRAMMENI} gate") == ["gate"]
    assert is_found("gate", "\N{GREEK YPOGEGRAMMENI} gate")
    assert not is_found("gate", "\N{GREEK YPOGEGRAMMENI} door")


def test_words_can_be_in_several_columns() -> None:
    camera("north", "gate")
    camera("south", "gate")

    assert found("nor gat") == ["gate"]


def test_rows_written_by_sql_are_found() -> None:
    organization = OrganizationFactory.create()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO usage_camera (name, title, organization_id) VALUES ('a', 'Brückner', %s)",
            [organization.pk],
        )

    assert found("ueck") == ["Brückner"]


def test_texts_stored_before_more_letters_were_folded_are_found() -> None:
    execute(read_sql(migrations.__file__, "0004_more_letters_back.sql"))
    camera("cam", "\N{LATIN CAPITAL LETTER H WITH STROKE}amrun")
    Organization.objects.update(title="\N{LATIN CAPITAL LETTER H WITH STROKE}amrun")
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    execute("SET LOCAL enable_seqscan = off")
    assert found("hamrun") == []
    assert not Organization.objects.search("hamrun").exists()

    execute(read_sql(migrations.__file__, "0004_more_letters.sql"))
    for operation in (
        folded_again("usage_camera", ("name", "title"), index="usage_camera_search"),
        folded_again("organizations_searchtext", ("text",)),
    ):
        execute(operation.sql)

    assert found("hamrun") != []
    assert Organization.objects.search("hamrun").exists()


def test_the_database_and_memory_fold_alike() -> None:
    texts = [title for title, _ in FOUND] + [chr(code) for code in range(0x20, 0x530)]
    texts += [f"x{chr(letter)}" for letter in MORE_LETTERS]
    with connection.cursor() as cursor:
        cursor.execute("SELECT unnest(%s::text[]), search_text(unnest(%s::text[]))", [texts, texts])
        folded = dict(cursor.fetchall())

    assert {text: folded_text(text) for text in texts} == folded


def test_pieces_are_all_of_three_characters() -> None:
    with connection.cursor() as cursor:
        for text in ("", "ab", "abc", "abcd", "abcde", "  gate  7"):
            cursor.execute("SELECT search_trigrams(%s)", [text])
            (pieces,) = cursor.fetchone()
            assert sorted(pieces) == sorted(text[at : at + 3] for at in range(len(text) - 2))


def test_a_search_reads_the_index() -> None:
    add_gates()
    with CaptureQueriesContext(connection) as queries:
        rows = find(Camera.objects.order_by("name"), "ate 1999", "name", "title")
        assert len(rows) == 12
    (asked, read) = [query["sql"] for query in queries]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {asked}")
        assert "usage_camera_search" in "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute(f"EXPLAIN {read}")
        assert "Seq Scan" not in "\n".join(line for (line,) in cursor.fetchall())


def test_frequent_words_are_read_in_the_order_of_the_list() -> None:
    add_gates()
    first_page = find(Camera.objects.order_by("name"), "gate", "name", "title")[:50]

    assert re.search(r"Limit.*\n.*Index Scan using usage_camera_name", plan(first_page))
