"""Volume steps of price versions: entering, confirming, withdrawing and showing them."""

import csv
import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import SupportFactory
from organizations.tests.factories import IndividualPriceFactory, OrganizationFactory
from tariffs.models import Tariff, TariffPrice, VolumeStep
from tariffs.tests.factories import TariffFactory, TariffPriceFactory, VolumeStepFactory

pytestmark = pytest.mark.django_db


def add_price(tariff: Tariff) -> str:
    return reverse("tariffs:add_price", args=[tariff.pk])


def edit(tariff: Tariff) -> str:
    return reverse("tariffs:edit", args=[tariff.pk])


def entered(*steps: tuple[str, str], **changed: str) -> dict[str, object]:
    """Return what the form sends: an upcoming price of 9, with steps and an empty row."""
    rows = [*steps, ("", "")]
    return {
        "amount": "9",
        "valid_from": "2026-11-01",
        "steps_from": [bound for bound, _ in rows],
        "steps_price": [amount for _, amount in rows],
        **changed,
    }


def stored(price: TariffPrice) -> list[tuple[Decimal, Decimal]]:
    steps = price.steps.order_by("camera_months")
    return list(steps.values_list("camera_months", "amount"))


def text_of(page: object) -> str:
    text: str = page.text  # type: ignore[attr-defined]
    return text.replace("\N{NO-BREAK SPACE}", " ")


def hidden_fields(text: str) -> dict[str, list[str]]:
    """Return the values that the button of a page sends."""
    sent: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text):
        sent.setdefault(name, []).append(unescape(value))
    return sent


def test_steps_are_stored_in_any_order(operator: Client) -> None:
    tariff = TariffFactory.create()

    sent = entered(("100.5", "7"), ("2", "8.0001"))
    response = operator.post(add_price(tariff), sent, follow=True)

    assert stored(tariff.prices.get()) == [
        (Decimal(2), Decimal("8.0001")),
        (Decimal("100.5"), Decimal(7)),
    ]
    assert "from 2 camera-months: EUR 8.0001" in text_of(response)


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (("0", "8"), "Step 2: Enter a number of camera-months above 0"),
        (("-1", "8"), "Step 2: Enter a number of camera-months above 0"),
        (("", "8"), "Step 2: Enter a number of camera-months above 0"),
        (("2.0000001", "8"), "with up to 6 decimal places"),
        (("10000000000", "8"), "Step 2: Enter a number of camera-months above 0"),
        (("3,5x", "8"), "Step 2: Enter a number of camera-months above 0"),
        (("3", ""), "Step 2: Enter an amount of 0 or more with up to 4 decimal places"),
        (("3", "8.00001"), "Step 2: Enter an amount of 0 or more with up to 4 decimal places"),
        (("3", "-8"), "Step 2: Enter an amount of 0 or more with up to 4 decimal places"),
        (("3", "100000000"), "Step 2: Enter an amount below 100,000,000."),
        (("NaN", "8"), "Step 2: Enter a number of camera-months above 0"),
        (("1e3", "8"), "Step 2: Enter a number of camera-months above 0"),
        (("9" * 5_000, "8"), "Step 2: Enter a number of camera-months above 0"),
        (("\N{ARABIC-INDIC DIGIT FIVE}", "8"), "Step 2: Enter a number of camera-months above 0"),
        (("3", "Infinity"), "Step 2: Enter an amount of 0 or more with up to 4 decimal places"),
        (("3", "9" * 5_000), "Step 2: Enter an amount below 100,000,000."),
        (("2.0", "8"), "Step 2: Another step starts at 2 camera-months too."),
    ],
)
def test_an_invalid_step_is_refused_on_the_field(
    operator: Client, step: tuple[str, str], message: str
) -> None:
    tariff = TariffFactory.create()

    response = operator.post(add_price(tariff), entered(("2", "8"), step))

    errors = response.context["price_form"].errors
    assert [*errors] == ["steps"]
    assert message in str(errors["steps"])
    # The entries are still there, and can be seen.
    assert f'name="steps_from" value="{step[0]}"' in response.text
    assert '<details class="more is-invalid" open>' in response.text
    assert not tariff.prices.exists()


NEW_PLAN = {
    "name": "Volume",
    "dvr_depth_days": "7",
    "dvr_space_gb": "50",
    "has_anpr": "False",
    "currency": "EUR",
    "proration": "second",
}


def test_a_new_plan_is_added_with_steps(operator: Client) -> None:
    page = operator.get(reverse("tariffs:add")).text
    assert 'name="steps_from"' in page

    response = operator.post(reverse("tariffs:add"), NEW_PLAN | entered(("100.5", "7"), ("2", "8")))

    assert response.status_code == 302
    assert stored(Tariff.objects.get().prices.get()) == [
        (Decimal(2), Decimal(8)),
        (Decimal("100.5"), Decimal(7)),
    ]


def test_an_invalid_step_of_a_new_plan_is_refused_on_the_field(operator: Client) -> None:
    response = operator.post(reverse("tariffs:add"), NEW_PLAN | entered(("0", "8")))

    assert [*response.context["form"].errors] == ["steps"]
    assert 'name="steps_from" value="0"' in response.text
    assert not Tariff.objects.exists()


def test_more_steps_than_fit_are_refused(operator: Client) -> None:
    tariff = TariffFactory.create()

    steps = [(str(number), "8") for number in range(1, 22)]
    response = operator.post(add_price(tariff), entered(*steps))

    assert "Enter up to 20 steps." in str(response.context["price_form"].errors["steps"])


def test_a_version_with_other_steps_is_replaced_after_confirmation(operator: Client) -> None:
    price = VolumeStepFactory.create(price__valid_from=date(2026, 11, 1)).price
    VolumeStepFactory.create(price=price, camera_months=Decimal(3), amount=Decimal(7))
    kept = price.steps.get(camera_months=2).pk

    page = operator.post(add_price(price.tariff), entered(("2", "8"), ("4", "6.50")))

    text = text_of(page)
    assert "Replace this price?" in text
    assert "from 4 camera-months: EUR 6.50" in text
    assert "from 3 camera-months: EUR 7.00" in text
    assert len(stored(price)) == 2
    operator.post(add_price(price.tariff), hidden_fields(page.text))
    assert stored(price) == [(Decimal(2), Decimal(8)), (Decimal(4), Decimal("6.50"))]
    assert price.steps.get(camera_months=2).pk == kept


def test_two_operators_who_set_steps_see_both_versions(operator: Client) -> None:
    tariff = TariffFactory.create()
    operator.get(add_price(tariff))
    operator.post(add_price(tariff), entered(("2", "8")))

    page = operator.post(add_price(tariff), entered(("3", "7")))

    change = page.context["change"]
    assert [step.text for step in change.previous_steps] == ["2:8"]
    assert [step.text for step in change.steps] == ["3:7"]
    assert "from 2 camera-months" in text_of(page)
    assert stored(tariff.prices.get()) == [(Decimal(2), Decimal(8))]
    # The confirmed change is no longer what was shown, so it is shown again.
    sent = hidden_fields(page.text)
    VolumeStepFactory.create(price=tariff.prices.get(), camera_months=5, amount=6)
    again = operator.post(add_price(tariff), sent)
    assert [step.text for step in again.context["change"].previous_steps] == ["2:8", "5:6"]
    assert operator.post(add_price(tariff), hidden_fields(again.text)).status_code == 302
    assert stored(tariff.prices.get()) == [(Decimal(3), Decimal(7))]


def test_a_version_with_the_same_steps_needs_no_confirmation(operator: Client) -> None:
    price = VolumeStepFactory.create(price__valid_from=date(2026, 11, 1)).price

    response = operator.post(add_price(price.tariff), entered(("2.0", "8.00")))

    assert response.status_code == 302


def test_a_new_price_begins_with_the_steps_in_force(operator: Client) -> None:
    price = VolumeStepFactory.create().price
    TariffPriceFactory.create(tariff=price.tariff, valid_from=date(2026, 12, 1))

    page = operator.get(edit(price.tariff)).text

    assert 'name="steps_from" value="2"' in page
    assert 'name="steps_price" value="8"' in page
    assert '<details class="more" open>' in page


def test_steps_are_hidden_until_somebody_wants_them(operator: Client) -> None:
    page = operator.get(edit(TariffPriceFactory.create().tariff)).text

    assert '<details class="more">' in page


def test_a_price_whose_steps_have_changed_is_not_withdrawn(operator: Client) -> None:
    price = VolumeStepFactory.create(price__valid_from=date(2026, 12, 1)).price
    address = reverse("tariffs:withdraw_price", args=[price.tariff_id, price.pk])
    sent = hidden_fields(operator.get(address).text)
    VolumeStep.objects.update(amount=Decimal(1))

    response = operator.post(address, sent, follow=True)

    assert "This price has been withdrawn or replaced" in text_of(response)
    operator.post(address, hidden_fields(operator.get(address).text))
    assert not TariffPrice.objects.exists()


def test_the_list_and_its_export_show_steps(operator: Client) -> None:
    price = VolumeStepFactory.create().price
    VolumeStepFactory.create(price=price, camera_months=Decimal("2.5"), amount=Decimal("7.05"))
    later = TariffPriceFactory.create(tariff=price.tariff, valid_from=date(2026, 12, 1))
    VolumeStepFactory.create(price=later, camera_months=Decimal(10), amount=Decimal(3))

    page = text_of(operator.get("/tariffs/"))
    content = operator.get("/tariffs/export.csv").getvalue().decode()

    assert "by volume from EUR 7.05" in page
    assert "by volume from EUR 3.00" in page
    (row,) = csv.DictReader(io.StringIO(content))
    assert (row["price_now_steps"], row["price_later_steps"]) == ("2: 8; 2.5: 7.05", "10: 3")


def test_the_history_shows_steps(operator: Client) -> None:
    price = VolumeStepFactory.create().price
    price.steps.update(amount=Decimal("7.50"))

    page = text_of(operator.get(reverse("tariffs:history", args=[price.tariff_id])))

    assert "from 2 camera-months, price of 1 Jan 2026" in page
    assert "EUR 7.50" in page


def test_the_history_of_a_deleted_plan_shows_steps(operator: Client) -> None:
    tariff = VolumeStepFactory.create().price.tariff
    pk = tariff.pk
    tariff.delete()

    page = text_of(operator.get(reverse("tariffs:history", args=[pk])))

    assert "from 2 camera-months, price of 1 Jan 2026" in page


def test_support_sees_steps_in_django_admin(client: Client) -> None:
    client.force_login(SupportFactory.create())
    tariff = VolumeStepFactory.create().price.tariff

    page = text_of(client.get(f"/admin/tariffs/tariff/{tariff.pk}/change/"))

    assert "2: EUR 8.00" in page


# --- Individual prices ---------------------------------------------------------------------------


@pytest.fixture
def tariff() -> Tariff:
    """Return a tariff for 9, and one organization that pays 8 for it."""
    tariff = TariffPriceFactory.create().tariff
    IndividualPriceFactory.create(tariff=tariff, organization__title="Northern Sea Shipping")
    return tariff


def test_a_lower_price_names_the_organizations_that_would_pay_more(
    operator: Client, tariff: Tariff
) -> None:
    page = operator.post(add_price(tariff), entered(amount="7.50"))

    text = text_of(page)
    assert "Set this price?" in text
    assert "1 organization has an individual price on this plan and may pay more" in text
    assert "Northern Sea Shipping" in text
    assert tariff.prices.count() == 1
    operator.post(add_price(tariff), hidden_fields(page.text))
    assert tariff.prices.count() == 2


def test_a_lower_step_names_them_too(operator: Client, tariff: Tariff) -> None:
    page = operator.post(add_price(tariff), entered(("50", "7"), amount="9"))

    assert "Northern Sea Shipping" in page.text


@pytest.mark.parametrize("amount", ["8", "8.50", "9", "10"])
def test_a_price_that_is_not_below_individual_prices_names_nobody(
    operator: Client, tariff: Tariff, amount: str
) -> None:
    assert operator.post(add_price(tariff), entered(amount=amount)).status_code == 302


def test_individual_prices_that_no_longer_apply_are_not_named(operator: Client) -> None:
    tariff = TariffPriceFactory.create().tariff
    TariffPriceFactory.create(tariff=tariff, valid_from=date(2026, 12, 1))
    ended = IndividualPriceFactory.create(tariff=tariff).organization
    IndividualPriceFactory.create(
        tariff=tariff, organization=ended, valid_from=date(2026, 11, 1), amount=None
    )
    IndividualPriceFactory.create(tariff=tariff, valid_from=date(2026, 12, 1))
    closed = OrganizationFactory.create(
        closed_on=date(2026, 10, 31), closed_at=datetime(2026, 11, 1, tzinfo=UTC)
    )
    IndividualPriceFactory.create(tariff=tariff, organization=closed)

    assert operator.post(add_price(tariff), entered(amount="7")).status_code == 302


def test_of_many_organizations_some_are_named(operator: Client, tariff: Tariff) -> None:
    for _ in range(11):
        IndividualPriceFactory.create(tariff=tariff)

    page = text_of(operator.post(add_price(tariff), entered(amount="7")))

    assert "12 organizations have an individual price" in page
    assert "and 2 more" in page
