"""A search finds an organization only by what the person who searches may see of it."""

import pytest
from django.test import Client

from accounts.models import User
from accounts.tests.factories import OperatorFactory, OwnerFactory, SupportFactory
from invoices.tests.factories import BilledUseFactory, issued_invoice
from organizations.models import BillingDetails, Organization
from organizations.tests.factories import OrganizationFactory
from payments.tests.factories import a_payment

pytestmark = pytest.mark.django_db

SEEN_BY_ALL = ("kuhl", "k-0042", "adler", "ann@example", "kuhl adler")
HIDDEN_FROM_READERS = ("ubersee", "DE999999999", "99999", "kuhl ubersee", "former", "vault")
SEARCHES = {
    "/search/": "organizations",
    "/organizations/": "",
    "/organizations/export.csv": "",
}


@pytest.fixture
def acme(db: None) -> Organization:
    """An organization with two legal names, a camera, an invoice and a payment."""
    use = BilledUseFactory.create(
        camera__organization__title="Kühl",
        camera__organization__owner__name="Ann Ädler",
        camera__organization__owner__email="ann@example.com",
        camera__organization__contract_number="K-0042",
        camera__name="cam-north-7",
        camera__title="Gate",
    )
    organization: Organization = use.organization
    details = BillingDetails.objects.get(organization=organization)
    BillingDetails.objects.update(name="Übersee AG", tax_number="DE999999999")
    details.pk, details.valid_from, details.name = None, "2026-12-01", "Former Vault AG"
    details.save()
    a_payment(issued_invoice(organization))
    return organization


def person(acme: Organization, role: str) -> User:
    if role == "operator":
        return OperatorFactory.create()
    if role == "support":
        return SupportFactory.create()
    if role == "contract":
        return acme.owner
    user = OwnerFactory.create(name="Bob", email="bob@example.com")
    if role != "stranger":
        acme.memberships.create(user=user, role=role)
    return user


def found(user: User, text: str) -> dict[str, bool]:
    """Return for each search whether it finds the organization."""
    client = Client()
    client.force_login(user)
    answers = {}
    for page in SEARCHES:
        answer = client.get(page, {"q": text})
        assert answer.status_code == 200
        if page == "/search/":
            groups = {group.kind: group for group in answer.context["groups"]}
            answers[page] = "organizations" in groups
        else:
            listed = answer.getvalue().decode().rpartition("<main")[2]
            answers[page] = "Kühl</a>" in listed or "\nKühl," in listed
    return answers


@pytest.mark.parametrize("role", ["operator", "support", "contract", "owner"])
def test_people_who_see_all_of_an_organization_find_it_by_all(
    acme: Organization, role: str
) -> None:
    user = person(acme, role)

    for text in (*SEEN_BY_ALL, *HIDDEN_FROM_READERS):
        assert set(found(user, text).values()) == {True}, text


def test_readers_do_not_find_it_by_what_they_do_not_see(acme: Organization) -> None:
    bob = person(acme, "reader")

    for text in SEEN_BY_ALL:
        assert set(found(bob, text).values()) == {True}, text
    for text in HIDDEN_FROM_READERS:
        assert set(found(bob, text).values()) == {False}, text


def test_an_owner_of_another_organization_is_still_a_reader_of_this_one(
    acme: Organization,
) -> None:
    bob = person(acme, "reader")
    own = OrganizationFactory.create(title="Own", owner=bob)
    BillingDetails.objects.create(organization=own, name="Vault of Bob")

    client = Client()
    client.force_login(bob)
    groups = client.get("/search/", {"q": "vault"}).context["groups"]

    assert [result.title for group in groups for result in group.results] == ["Own"]


def test_strangers_find_nothing(acme: Organization) -> None:
    stranger = person(acme, "stranger")

    for text in (*SEEN_BY_ALL, *HIDDEN_FROM_READERS):
        assert set(found(stranger, text).values()) == {False}, text


@pytest.mark.parametrize(
    ("role", "kinds"),
    [
        ("operator", {"cameras", "invoices", "payments", "people", "organizations"}),
        ("support", {"cameras", "invoices", "payments", "people", "organizations"}),
        ("contract", {"cameras", "invoices", "payments", "organizations"}),
        ("owner", {"cameras", "invoices", "payments", "organizations"}),
        ("reader", {"cameras", "organizations"}),
        ("stranger", set()),
    ],
)
def test_each_role_finds_only_kinds_that_it_sees(
    acme: Organization, role: str, kinds: set[str]
) -> None:
    client = Client()
    client.force_login(person(acme, role))

    seen = set()
    for text in ("kuhl", "gate", "10.71", "rf18", "inv-2026-000001", "adler"):
        seen |= {group.kind for group in client.get("/search/", {"q": text}).context["groups"]}

    assert seen == kinds


def test_a_list_of_what_readers_do_not_see_answers_no_question(acme: Organization) -> None:
    client = Client()
    client.force_login(person(acme, "reader"))

    for page in ("/invoices/", "/payments/"):
        for text in ("ubersee", "10.71", "rf18", "inv-2026-000001"):
            hit = client.get(page, {"q": text}).text.rpartition("<main")[2]
            miss = client.get(page, {"q": "zzz"}).text.rpartition("<main")[2]
            assert hit.replace(text, "zzz") == miss.replace(text, "zzz"), (page, text)
