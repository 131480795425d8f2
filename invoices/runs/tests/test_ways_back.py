"""Prices and tax rates that block a run: setting one leads back to the run."""

import re
from datetime import date
from html import unescape

import pytest
from django.test import Client

from organizations.tests.factories import a_tax
from tariffs.tests.factories import TariffFactory, TariffPriceFactory

pytestmark = pytest.mark.django_db

RUN = "/invoices/runs/2026-10/?state=refused&page=2"
NEXT = {"next": RUN}


def hidden_next(page: str) -> set[str]:
    """Return the ways back that the forms of a page carry."""
    return {unescape(found) for found in re.findall(r'name="next" value="([^"]*)"', page)}


def links(page: str, path: str) -> set[str]:
    return {unescape(found) for found in re.findall(rf'href="({path}[^"]*)"', page)}


@pytest.fixture
def price() -> str:
    """The path of a tariff plan with a price that begins too late."""
    tariff = TariffFactory.create()
    TariffPriceFactory.create(tariff=tariff, valid_from=date(2026, 10, 9))
    return f"/tariffs/{tariff.pk}/"


@pytest.fixture
def rate() -> str:
    """The path of a tax."""
    return f"/taxes/{a_tax().pk}/"


@pytest.mark.parametrize(
    ("listed", "of", "add", "field"),
    [
        ("/tariffs/", "price", "prices/add/", "amount"),
        ("/taxes/", "rate", "percents/add/", "percent"),
    ],
)
def test_setting_a_price_or_a_rate_leads_back(
    operator_client: Client,
    request: pytest.FixtureRequest,
    listed: str,
    of: str,
    add: str,
    field: str,
) -> None:
    path = request.getfixturevalue(of)
    page = operator_client.get(listed, NEXT).text
    assert links(page, re.escape(RUN).replace("&", "&amp;")) == {RUN}
    (edit,) = links(page, f"{path}edit/")
    assert hidden_next(operator_client.get(edit).text) == {RUN}

    terms = {field: "5", "valid_from": "2026-09-01", **NEXT}
    asked = operator_client.post(f"{path}{add}", terms)
    assert hidden_next(asked.text) == {RUN}
    confirmed = {"confirmed": asked.context["change"].shown}
    answer = operator_client.post(f"{path}{add}", terms | confirmed)

    assert answer.headers["Location"] == RUN


def test_a_wrong_price_keeps_the_way_back(operator_client: Client, price: str) -> None:
    wrong = {"amount": "-1", "valid_from": "2026-09-01", **NEXT}

    assert hidden_next(operator_client.post(f"{price}prices/add/", wrong).text) == {RUN}


@pytest.mark.parametrize("other", ["", "https://example.com/", "//example.com"])
def test_without_a_way_back_the_page_stays(
    operator_client: Client, price: str, rate: str, other: str
) -> None:
    for address in ("/tariffs/", "/taxes/", f"{price}edit/", f"{rate}edit/"):
        page = operator_client.get(address, {"next": other}).text
        assert "Go back" not in page
        assert hidden_next(page) == set()
    terms = {"amount": "5", "valid_from": "2199-01-01", "next": other}
    answer = operator_client.post(f"{price}prices/add/", terms)
    assert answer.headers["Location"] == f"{price}edit/"


def test_a_search_keeps_the_way_back(operator_client: Client, price: str) -> None:
    assert hidden_next(operator_client.get("/tariffs/", {"q": "a", **NEXT}).text) == {RUN}
