"""The search in the header: what it finds, for whom, and what it asks the database."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import OwnerFactory
from invoices.models import Invoice
from invoices.tests.factories import IN_NOVEMBER, BilledUseFactory, issued_invoice
from organizations.models import BillingDetails, Organization
from organizations.tests.factories import OrganizationFactory
from payments.models import Method, Payment
from payments.operations import record_payment
from payments.tests.factories import a_payment
from reports.search import kinds
from usage.models import Camera, UsageInterval

pytestmark = pytest.mark.django_db

PAGE = reverse("reports:search")


def found(client: Client, text: str) -> dict[str, list[str]]:
    """Return the titles of the results by kind, in the order of the page."""
    groups = client.get(PAGE, {"q": text}).context["groups"]
    return {group.kind: [each.title for each in group.results] for group in groups}


@pytest.fixture
def brueckner(owner: User) -> Organization:
    """An organization with a camera, an invoice of EUR 10.71 and a payment of EUR 5.00."""
    owner.name = "Anna Ädler"
    owner.save()
    use = BilledUseFactory.create(
        camera__organization__title="Kühl & Brückner",
        camera__organization__owner=owner,
        camera__organization__contract_number="K-0042",
        camera__name="cam-north-7",
        camera__title="Ёлка",
    )
    organization: Organization = use.organization
    BillingDetails.objects.filter(organization=organization).update(
        name="Übersee AG", tax_number="DE999999999"
    )
    a_payment(issued_invoice(organization))
    return organization


@pytest.mark.parametrize(
    ("text", "kind", "title"),
    [
        ("kuhl", "organizations", "Kühl & Brückner"),
        ("BRUECKNER", "organizations", "Kühl & Brückner"),
        ("uckne", "organizations", "Kühl & Brückner"),
        ("adler", "organizations", "Kühl & Brückner"),
        ("k-0042", "organizations", "Kühl & Brückner"),
        ("ubersee", "organizations", "Kühl & Brückner"),
        ("99999", "organizations", "Kühl & Brückner"),
        ("north", "cameras", "cam-north-7"),
        ("елк", "cameras", "cam-north-7"),
        ("1", "invoices", "INV-2026-000001"),
        ("inv-2026-000001", "invoices", "INV-2026-000001"),
        ("10.71", "invoices", "INV-2026-000001"),
        ("10,71", "invoices", "INV-2026-000001"),
        ("EUR\xa010.71", "invoices", "INV-2026-000001"),
        ("brueckner", "invoices", "INV-2026-000001"),
        ("rf18", "payments", "EUR\xa05.00"),
        ("5,00", "payments", "EUR\xa05.00"),
        ("adler", "people", "Anna Ädler"),
    ],
)
@pytest.mark.usefixtures("brueckner")
def test_everything_is_found(operator_client: Client, text: str, kind: str, title: str) -> None:
    assert title in found(operator_client, text)[kind]


@pytest.mark.usefixtures("brueckner")
@pytest.mark.parametrize("text", ["zzz", "%", "", "\x00", "brueckner zzz"])
def test_other_texts_find_nothing(operator_client: Client, text: str) -> None:
    assert found(operator_client, text) == {}


@pytest.mark.usefixtures("brueckner")
def test_thousands_can_be_grouped(operator_client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO invoices_invoice SELECT (jsonb_populate_record(one, jsonb_build_object("
            "'id', id + 1000, 'number', 'X-9', 'net', 1234.5, 'tax_amount', 0, 'total', 1234.5"
            "))).* FROM invoices_invoice AS one"
        )

    for text in ("1 234,50", "1.234,50", "1,234.50", "1234.5"):
        assert found(operator_client, text) == {"invoices": ["X-9"]}, text


@pytest.mark.usefixtures("brueckner")
def test_an_amount_can_be_pasted_from_a_page_of_yen(operator_client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO invoices_invoice SELECT (jsonb_populate_record(one, jsonb_build_object("
            "'id', id + 1000, 'number', 'X-9', 'net', 1234, 'tax_amount', 0, 'total', 1234, "
            "'currency', 'JPY', 'digits', 0))).* FROM invoices_invoice AS one"
        )

    assert found(operator_client, "JPY\xa01,234") == {"invoices": ["X-9"]}
    listed = operator_client.get(reverse("invoices:list"), {"q": "JPY\xa01,234"})
    assert "X-9" in listed.text


def test_an_exact_hit_comes_first(operator_client: Client, brueckner: Organization) -> None:
    OrganizationFactory.create(title="Hotel 1")
    OrganizationFactory.create(title="A hotel")

    assert next(iter(found(operator_client, "1"))) == "invoices"
    assert next(iter(found(operator_client, "cam-north-7"))) == "cameras"
    assert found(operator_client, "hotel") == {"organizations": ["Hotel 1", "A hotel"]}


def test_the_exact_one_is_shown_also_if_too_many_match(
    operator_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kinds, "_MOST", 2)
    monkeypatch.setattr(kinds, "MOST_COUNTED", 1)
    for number in range(4):
        OrganizationFactory.create(title=f"Hotel {number}")
    OrganizationFactory.create(title="Hotel")

    [group] = operator_client.get(PAGE, {"q": "hotel"}).context["groups"]

    assert group.results[0].title == "Hotel"
    assert "show all, more than 1" in operator_client.get(PAGE, {"q": "hotel"}).text


def test_the_link_leads_to_a_list_of_exactly_those(
    operator_client: Client, brueckner: Organization
) -> None:
    for number in range(6):
        Camera.objects.create(name=f"north {number}", organization=brueckner)
        OrganizationFactory.create(title=f"North {number}")

    groups = operator_client.get(PAGE, {"q": "north"}).context["groups"]

    assert [(group.kind, group.number) for group in groups] == [
        ("organizations", 6),
        ("cameras", 7),
    ]
    for group in groups:
        assert len(group.results) == 5
        table = operator_client.get(group.address).context["table"]
        assert table.paginator.count == group.number


@pytest.fixture
def elsewhere(brueckner: Organization) -> Organization:
    """Another owner's organization, with the same words in everything."""
    use = BilledUseFactory.create(
        camera__organization__title="Brückner 2",
        camera__organization__owner=OwnerFactory.create(name="Anna Ädler"),
        camera__name="cam-north-8",
        camera__title="Brückner",
    )
    a_payment(issued_invoice(use.organization))
    organization: Organization = use.organization
    return organization


@pytest.mark.usefixtures("elsewhere")
def test_owners_find_only_what_is_theirs(owner_client: Client) -> None:
    assert found(owner_client, "brueckner") == {
        "organizations": ["Kühl & Brückner"],
        "invoices": ["INV-2026-000001"],
    }
    assert found(owner_client, "cam") == {"cameras": ["cam-north-7"]}
    assert found(owner_client, "adler") == {"organizations": ["Kühl & Brückner"]}
    assert found(owner_client, "rf18") == {"payments": ["EUR\xa05.00"]}
    assert found(owner_client, "10.71") == {"invoices": ["INV-2026-000001"]}
    assert found(owner_client, "inv") == {
        "invoices": ["INV-2026-000001"],
        "payments": ["EUR\xa05.00"],
    }


def test_an_owner_finds_a_camera_that_has_moved_by_its_name_only(
    owner_client: Client, brueckner: Organization, elsewhere: Organization
) -> None:
    moved = Camera.objects.filter(name="cam-north-7")
    UsageInterval.objects.filter(camera__in=moved).update(ended_at=IN_NOVEMBER)
    moved.update(organization=elsewhere, title="Secret")

    assert found(owner_client, "north-7") == {"cameras": ["cam-north-7"]}
    assert "cameras" not in found(owner_client, "secret")
    page = owner_client.get(PAGE, {"q": "north-7"})
    assert "Secret" not in page.text
    assert "Brückner 2" not in page.text
    listed = owner_client.get(reverse("usage:all_cameras"), {"q": "north-7"})
    assert "cam-north-7" in listed.text
    assert "Secret" not in listed.text
    assert "Brückner 2" not in listed.text


@pytest.mark.usefixtures("elsewhere")
def test_support_finds_everything(support_client: Client) -> None:
    assert len(found(support_client, "brueckner")["organizations"]) == 2
    assert len(found(support_client, "adler")["people"]) == 2


@pytest.mark.usefixtures("brueckner")
def test_the_field_gets_options_without_a_page(operator_client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Target": "search-everything-options"}
    answer = operator_client.get(PAGE, {"q": "kuhl"}, headers=headers)

    assert 'role="option"' in answer.text
    assert "<html" not in answer.text
    assert '<p id="search-everything-options-said"' in answer.text


def paid_with(reference: str) -> Payment:
    return record_payment(
        invoice_id=issued_invoice().pk,
        paid_on=IN_NOVEMBER.date(),
        amount=Decimal(5),
        method=Method.TRANSFER,
        reference=reference,
        now=IN_NOVEMBER,
        by=None,
    )


def test_words_of_one_character_find_references_of_the_latest_payments(
    operator_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kinds, "LATEST", 2)
    for reference in ("älter qua", "Ärger quer", "other"):
        paid_with(reference)

    def references(text: str) -> list[str]:
        groups = operator_client.get(PAGE, {"q": text}).context["groups"]
        return [each.details[0] for group in groups for each in group.results]

    assert references("a q") == ["Ärger quer"]
    assert references("a qu") == ["Ärger quer", "älter qua"]
    page = operator_client.get(PAGE, {"q": "a q"})
    [group] = page.context["groups"]
    assert "Payments: show all" in page.text
    assert "show all 1" not in page.text
    table = operator_client.get(group.address).context["table"]
    assert table.paginator.count == 2


def test_owners_find_all_their_payments_by_words_of_one_character(
    brueckner: Organization, owner_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kinds, "LATEST", 1)
    paid_with("not theirs")

    assert found(owner_client, "r")["payments"] == ["EUR\N{NO-BREAK SPACE}5.00"]


@pytest.mark.usefixtures("brueckner")
def test_the_number_of_queries_is_constant(operator_client: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            operator_client.get(PAGE, {"q": "brueckner 1"})
        return len(captured)

    def add(number: int) -> None:
        use = BilledUseFactory.create(
            camera__organization__title=f"Brückner 1{number}", camera__title=f"Brückner 1{number}"
        )
        a_payment(issued_invoice(use.organization))
        OwnerFactory.create(name=f"Brückner 1{number}")

    add(1)
    queries()
    before = queries()
    add(2)
    add(3)

    assert queries() == before
    assert Invoice.objects.count() == Payment.objects.count() == 4
