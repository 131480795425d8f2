"""Saved filters on lists, and the pages where they are saved and changed."""

from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import SavedFilter, User
from accounts.saved_filters import operations
from accounts.tests.factories import OperatorFactory, OwnerFactory, SupportFactory
from invoices.tests.factories import BilledUseFactory, ProviderFactory, issued_invoice
from organizations.models import Tag
from organizations.tests.factories import OrganizationFactory

pytestmark = pytest.mark.django_db

LIST = "/organizations/"


@pytest.fixture(autouse=True)
def one_organization() -> None:
    OrganizationFactory.create(title="Aoba Hotels")


def page(query: str = "", address: str = LIST) -> str:
    """Return the address of the page of saved filters, as a list with this filter links to it."""
    return "/saved-filters/?" + urlencode({"next": f"{address}?{query}", "query": query})


def save(author: User, name: str = "Mine", query: str = "q=aoba", **fields: bool) -> SavedFilter:
    fields = {"is_shared": False, **fields}
    return operations.save_filter(
        author_id=author.pk, list_name="organizations:list", name=name, query=query, **fields
    )


def links(client: Client, address: str = LIST) -> list[tuple[str, str, bool]]:
    """Return name, address and whether it is the current one of each saved filter of a list."""
    saved = client.get(address).context["saved"]
    return [(link.name, link.address, link.is_current) for link in saved.links]


def signed_in_as(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_present_filter_is_saved_and_marked_on_its_list(operator_client: Client) -> None:
    listed = operator_client.get(f"{LIST}?sort=-title&page=1&q=aoba&trial=&from=2026-01-01")

    answer = operator_client.post(listed.context["saved"].page, {"name": "Hotels"}, follow=True)

    assert answer.redirect_chain == [(f"{LIST}?q=aoba&sort=-title", 302)]
    assert "The filter Hotels was saved." in answer.content.decode()
    assert links(operator_client, f"{LIST}?sort=-title&q=aoba") == [
        ("Hotels", f"{LIST}?q=aoba&sort=-title", True)
    ]
    assert links(operator_client) == [("Hotels", f"{LIST}?q=aoba&sort=-title", False)]
    assert links(operator_client, "/tariffs/") == []


def test_a_filter_of_one_organizations_list_serves_those_of_all(operator_client: Client) -> None:
    first, second = OrganizationFactory.create_batch(2)
    address = f"/organizations/{first.pk}/cameras/"

    operator_client.post(page("q=gate", address), {"name": "Gates"})

    saved = operator_client.get(f"/organizations/{second.pk}/cameras/").context["saved"]
    assert saved.links[0].address == f"/organizations/{second.pk}/cameras/?q=gate"


def test_only_staff_see_what_colleagues_share(operator: User, operator_client: Client) -> None:
    save(operator, "Shared", is_shared=True)
    save(operator, "Own")

    assert [name for name, *_ in links(operator_client)] == ["Own", "Shared"]
    for colleague in (OperatorFactory.create(), SupportFactory.create()):
        shown = signed_in_as(colleague).get(LIST)
        assert [link.name for link in shown.context["saved"].links] == ["Shared"]
        assert f"shared by {operator.get_short_name()}" in shown.content.decode()
    assert links(signed_in_as(OwnerFactory.create())) == []


def test_the_filters_of_a_blocked_colleague_are_no_longer_shared(operator_client: Client) -> None:
    save(OperatorFactory.create(is_active=False), is_shared=True)

    assert links(operator_client) == []


def test_an_owner_saves_filters_but_cannot_share_them() -> None:
    owner = OwnerFactory.create()
    client = signed_in_as(owner)

    form = client.get(page("q=a")).content.decode()
    client.post(page("q=a"), {"name": "Mine", "is_shared": "on"})

    assert "is_shared" not in form
    assert not SavedFilter.objects.get(author=owner).is_shared


def test_only_the_author_changes_or_deletes_a_filter(operator: User) -> None:
    saved = save(operator, is_shared=True)
    client = signed_in_as(OperatorFactory.create())

    for action in ("edit", "update", "delete"):
        answer = client.post(f"/saved-filters/{saved.pk}/{action}/", {"name": "Theirs"})
        assert answer.status_code == 404

    saved.refresh_from_db()
    assert (saved.name, saved.query) == ("Mine", "q=aoba")
    assert "/edit/" not in client.get(page()).content.decode()


def test_a_filter_is_renamed_unshared_updated_and_deleted(
    operator: User, operator_client: Client
) -> None:
    saved = save(operator, is_shared=True)
    query = page("q=union").partition("?")[2]

    operator_client.post(f"/saved-filters/{saved.pk}/edit/?{query}", {"name": "Union"})
    updated = operator_client.post(f"/saved-filters/{saved.pk}/update/?{query}")

    saved.refresh_from_db()
    assert (saved.name, saved.query, saved.is_shared) == ("Union", "q=union", False)
    assert updated["Location"] == f"{LIST}?q=union"

    deleted = operator_client.post(f"/saved-filters/{saved.pk}/delete/?{query}", follow=True)

    assert "The filter Union was deleted." in deleted.content.decode()
    assert not SavedFilter.objects.exists()


def test_a_name_that_is_taken_is_refused_at_its_field(
    operator: User, operator_client: Client
) -> None:
    save(operator, "Straße")
    other = save(operator, "Other")

    added = operator_client.post(page("q=b"), {"name": "STRASSE"})
    again = operator_client.post(page("q=b"), {"name": "straße"})
    renamed = operator_client.post(f"/saved-filters/{other.pk}/edit/", {"name": "Straße"})

    assert added.status_code == 302
    for answer in (again, renamed):
        assert "already have a filter of this name" in answer.context["form"].errors["name"][0]
    assert operator_client.post(f"/saved-filters/{other.pk}/edit/", {"name": "OTHER"})


def test_a_person_has_a_limited_number_of_filters_for_a_list(
    operator: User, operator_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "MOST_OF_A_LIST", 2)
    save(operator, "First")
    save(operator, "Second")

    answer = operator_client.post(page("q=b"), {"name": "Third"})

    assert "You have 2 filters for this list" in answer.content.decode()
    assert SavedFilter.objects.count() == 2


def test_a_filter_that_is_too_long_is_refused(operator: User, operator_client: Client) -> None:
    saved, long = save(operator), f"q={'a' * 2000}"

    answer = operator_client.post(page(long), {"name": "Long"})
    updated = operator_client.post(f"/saved-filters/{saved.pk}/update/?query={long}", follow=True)

    assert "too long to be saved" in answer.content.decode()
    assert "too long to be saved" in updated.content.decode()


def test_a_filter_by_something_that_is_gone_says_so(
    operator: User, operator_client: Client
) -> None:
    tag = Tag.objects.create(name="Hotel")
    saved = save(operator, "Hotels", f"tag={tag.pk}")
    tag.delete()

    shown = operator_client.get(f"{LIST}?{saved.query}").content.decode()

    assert "The filter Hotels uses a value that no longer exists: Tag." in shown
    assert "Aoba Hotels" in shown


def test_the_page_of_something_that_is_no_address_does_not_exist(operator_client: Client) -> None:
    for address in ("/saved-filters/", "/saved-filters/?next=//example.com/", page("", "/no/")):
        assert operator_client.get(address).status_code == 404


def test_long_names_are_shown_and_longer_ones_refused(operator_client: Client) -> None:
    shown = operator_client.post(page("q=a"), {"name": "n" * 100}, follow=True)
    refused = operator_client.post(page("q=b"), {"name": "n" * 101})

    assert "n" * 100 in shown.content.decode()
    assert "name" in refused.context["form"].errors


def test_the_menu_takes_one_query_however_many_filters_there_are(
    operator: User, operator_client: Client
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            operator_client.get(LIST)
        return len([each for each in captured if "accounts_savedfilter" in each["sql"]])

    save(operator)
    for index in range(5):
        save(OperatorFactory.create(), f"Filter {index}", is_shared=True)

    assert queries() == 1
    assert len(links(operator_client)) == 6


def test_a_filter_that_no_list_has_is_refused(operator_client: Client, operator: User) -> None:
    wrong = page("q=aoba").replace("query=q%3Daoba", "query=q%00")

    answer = operator_client.post(wrong, {"name": "Hotels"})
    assert "cannot be saved" in answer.text

    saved = save(operator)
    address = wrong.replace("/saved-filters/", f"/saved-filters/{saved.pk}/update/")
    assert "cannot be saved" in operator_client.post(address, follow=True).text


def test_filters_of_charges_keep_the_period_that_is_shown(operator_client: Client) -> None:
    use = BilledUseFactory.create(camera__name="cam-7", started_at=datetime(2026, 9, 1, tzinfo=UTC))
    usages = f"/organizations/{use.organization_id}/usages/"
    period = "from=2026-10-01&to=2026-10-31"
    shown = f"{usages}?{period}&q=cam&sort=-amount"

    page = operator_client.get(shown)
    assert 'class="menu saved-filters"' in page.text
    saved = operator_client.post(page.context["saved"].page, {"name": "By amount"})

    assert saved["Location"] == shown
    assert SavedFilter.objects.get().query == "q=cam&sort=-amount"
    september = f"{usages}?from=2026-09-01&to=2026-09-30"
    assert links(operator_client, september) == [
        ("By amount", f"{september}&q=cam&sort=-amount", False)
    ]
    assert links(operator_client, shown) == [("By amount", shown, True)]
    (listed,) = operator_client.get(page.context["saved"].page).context["saved"]
    assert listed[1] == shown


def test_filters_of_frozen_charges_are_those_of_all_invoices(operator_client: Client) -> None:
    use = BilledUseFactory.create(camera__name="cam-7")
    ProviderFactory.create()
    invoice = issued_invoice(use.organization)
    address = f"/invoices/{invoice.pk}/charges/"

    page = operator_client.get(f"{address}?q=cam")
    operator_client.post(page.context["saved"].page, {"name": "Seven"})

    assert links(operator_client, address) == [("Seven", f"{address}?q=cam", False)]
