"""Tests of the pages that check documents, and of the job behind them."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from invoices.checking import operations
from invoices.checking.models import DocumentCheck
from invoices.checking.problems import Problem
from invoices.checking.profiles import Profile, Syntax
from invoices.checking.terms import GROUPS
from invoices.checking.tests.files import entity_bomb, with_lines, zipped
from invoices.checking.words import GROUPS as NAMED_GROUPS
from invoices.checking.words import PROBLEMS, PROFILES, SYNTAXES, TERMS
from invoices.documents import xml
from invoices.documents.tests.documents import NUMBER, an_invoice
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "/invoices/check/"


def uploaded(client: Client, content: bytes, name: str = "invoice.xml", **fields: Any) -> str:
    """Upload a file; return the address of its page."""
    file = SimpleUploadedFile(name, content)
    answer = client.post(ADDRESS, {"file": file, "profile": "", **fields})
    assert answer.status_code == 302, answer.context["form"].errors
    return str(answer["Location"])


def checked(client: Client, content: bytes, **fields: Any) -> str:
    """Upload a file and have it checked; return the text of its page, with single spaces."""
    address = uploaded(client, content, **fields)
    run_jobs()
    return " ".join(client.get(address).text.split())


def test_shows_progress_and_then_what_a_document_states(support_client: Client) -> None:
    address = uploaded(support_client, xml.cii(an_invoice()))

    waiting = support_client.get(address)
    assert 'hx-trigger="every 1s"' in waiting.text
    assert "No worker is running." in waiting.text
    run_jobs()

    page = support_client.get(address)
    assert 'hx-trigger="every 1s"' not in page.text
    assert "The document breaks none of the rules." in page.text
    assert "Checked as EN 16931, in the syntax CII." in page.text
    for text in (NUMBER, "Watchful GmbH", "Hôtel du Phare SARL", "3.516129", "55.41", "BT-115"):
        assert text in page.text


def test_names_broken_rules_with_their_text_by_sheet(operator_client: Client) -> None:
    wrong = xml.ubl(an_invoice()).replace(b"55.41", b"55.42")

    page = checked(operator_client, wrong)

    assert "The document breaks 1 rule. A recipient who checks it will refuse it." in page
    assert '<h2 class="card-title">EN 16931 1.3.16 (UBL)</h2>' in page
    assert "<strong>BR-CO-15</strong>" in page
    assert "Invoice total amount with VAT (BT-112)" in page


def test_the_same_file_can_be_checked_by_other_rules(operator_client: Client) -> None:
    address = uploaded(operator_client, xml.ubl(an_invoice()))
    run_jobs()

    answer = operator_client.post(address, {"profile": Profile.XRECHNUNG, "id": uuid4()})
    run_jobs()

    assert answer["Location"] != address
    page = operator_client.get(answer["Location"]).text
    assert "Checked as XRechnung 3.0, in the syntax UBL." in page
    assert "BR-DE-2" in page
    assert '<option value="xrechnung" selected>' in page


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (entity_bomb(), Problem.DOCUMENT_TYPE),
        (zipped(), Problem.ARCHIVE),
        (b"%PDF-1.7 nothing", Problem.BROKEN_PDF),
    ],
)
def test_a_file_that_is_no_invoice_says_what_to_do(
    operator_client: Client, content: bytes, problem: Problem
) -> None:
    page = checked(operator_client, content)

    assert str(PROBLEMS[problem]) in page
    assert "What the document states" not in page


def test_a_document_with_markup_in_its_texts_is_shown_as_text(operator_client: Client) -> None:
    document = xml.cii(an_invoice()).replace(
        b"Watchful GmbH", b"&lt;script&gt;alert(1)&lt;/script&gt;"
    )

    page = checked(operator_client, document)

    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_a_file_that_is_too_large_is_refused(operator_client: Client) -> None:
    file = SimpleUploadedFile("a.xml", b" " * (operations.MOST_MEGABYTES * 1_000_000 + 1))

    page = operator_client.post(ADDRESS, {"file": file})

    assert "The file is larger than 10 MB." in page.text
    assert not DocumentCheck.objects.exists()


def test_no_file_is_refused(operator_client: Client) -> None:
    assert "This field is required." in operator_client.post(ADDRESS, {"profile": ""}).text


def test_says_how_to_install_rules(operator_client: Client, settings: Any, tmp_path: Path) -> None:
    settings.RULES_ROOT = tmp_path

    page = checked(operator_client, xml.ubl(an_invoice()))

    assert "<code>make rules</code>" in page
    assert "No broken rule was found, but not all rules could be run." in page


def test_a_request_that_arrives_twice_is_one_check(operator_client: Client) -> None:
    check_id = str(uuid4())

    first = uploaded(operator_client, xml.cii(an_invoice()), id=check_id)
    second = uploaded(operator_client, xml.cii(an_invoice()), id=check_id)

    assert first == second == f"{ADDRESS}{check_id}/"
    assert DocumentCheck.objects.count() == 1


def test_many_lines_take_no_more_queries(
    operator_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address = uploaded(operator_client, with_lines(xml.ubl(an_invoice()), Syntax.UBL, 300))
    run_jobs()

    # The session, the user, what the header shows, and the check.
    with django_assert_num_queries(4):
        page = operator_client.get(address)

    assert "101 more lines are not shown. The rules were run on all." in page.text


def test_lists_the_last_checks_of_the_user(operator_client: Client, support_client: Client) -> None:
    uploaded(operator_client, xml.cii(an_invoice()), name="mine.xml")

    assert "mine.xml" in operator_client.get(ADDRESS).text
    assert "mine.xml" not in support_client.get(ADDRESS).text


def test_a_check_and_its_file_are_deleted_after_a_day(operator: User) -> None:
    now = timezone.now()
    for age in (timedelta(hours=23), timedelta(hours=25)):
        DocumentCheck.objects.create(asked_at=now - age, asked_by=operator, name="a", content=b"x")

    operations.delete_old(now)

    assert [now - each.asked_at for each in DocumentCheck.objects.all()] == [timedelta(hours=23)]


def test_a_check_that_cannot_be_made_says_so(
    operator_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object) -> None:
        raise OSError("out of processes")

    monkeypatch.setattr(operations, "examined_apart", fail)
    address = uploaded(operator_client, xml.cii(an_invoice()))

    operations.give_up(check_id=address.split("/")[-2])

    assert "The document could not be checked." in operator_client.get(address).text


def test_a_finished_check_has_a_result(operator: User) -> None:
    with pytest.raises(IntegrityError, match="invoices_check_has_result"):
        DocumentCheck.objects.create(
            asked_at=timezone.now(),
            asked_by=operator,
            name="a",
            content=b"x",
            state=DocumentCheck.State.DONE,
        )


def test_everything_has_a_name() -> None:
    assert set(PROFILES) == set(Profile)
    assert set(PROBLEMS) == set(Problem)
    assert set(SYNTAXES) == set(Syntax)
    assert set(NAMED_GROUPS) == {group.code for group in GROUPS}
    assert {term.code for group in GROUPS for term in group.terms} == set(TERMS)
    assert all(re.fullmatch(r"BT-\d+", code) for code in TERMS)
