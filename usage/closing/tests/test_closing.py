"""Test closing and reopening organizations: what is billed, and what happens to cameras."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from foundation.web.versions import version_of
from invoices.tests.factories import SEPTEMBER, BilledOrganizationFactory, issued_invoice
from organizations.models import OneOffCharge, Organization
from organizations.operations import change_organization, stored_values
from organizations.tests.factories import OneOffChargeFactory, OrganizationFactory
from rating.money import Amount
from rating.periods import Period
from tariffs.tests.factories import TariffPriceFactory
from usage import tasks
from usage.cameras import operations as cameras
from usage.closing import forms, operations
from usage.models import UsageInterval
from usage.statements.statement import statement_for
from usage.tests.factories import CameraFactory, UsageIntervalFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 10, 5, 12, tzinfo=UTC)
LAST_ON = date(2026, 9, 15)
TOKYO_END = datetime(2026, 9, 15, 15, tzinfo=UTC)


@pytest.fixture
def use() -> UsageInterval:
    """Return the use of a camera since 1 January, at 9.00 a month, in Tokyo."""
    organization = BilledOrganizationFactory.create(title="Harbour", time_zone="Asia/Tokyo")
    tariff = TariffPriceFactory.create().tariff
    return UsageIntervalFactory.create(camera__organization=organization, tariff=tariff)


def close(use: UsageInterval, last_on: date = LAST_ON, now: datetime = NOW) -> int:
    return operations.close(organization_id=use.organization_id, last_on=last_on, now=now)


def owed(organization: Organization, as_of: datetime = NOW) -> list[Amount]:
    organization.refresh_from_db()
    period = Period(date(2026, 9, 1), date(2026, 11, 1))
    return statement_for(organization=organization, period=period, as_of=as_of).totals().all.amounts


def test_cameras_are_disconnected_at_the_end_of_a_past_day_in_the_organizations_zone(
    use: UsageInterval,
) -> None:
    assert close(use) == 1
    use.refresh_from_db()
    assert use.ended_at == TOKYO_END
    assert owed(use.organization) == [Amount(Decimal("4.50"), "EUR")]


def test_nothing_is_billed_after_the_last_day_whatever_is_recorded(use: UsageInterval) -> None:
    later = UsageIntervalFactory.create(
        camera__organization=use.organization,
        tariff=use.tariff,
        started_at=datetime(2026, 9, 20, tzinfo=UTC),
    )
    assert close(use) == 2
    later.refresh_from_db()
    assert later.ended_at == NOW
    use.ended_at = NOW
    use.save()
    assert owed(use.organization) == [Amount(Decimal("4.50"), "EUR")]


def test_use_goes_on_until_a_future_day_ends_and_is_not_counted_after_it(
    use: UsageInterval,
) -> None:
    last_on = date(2026, 10, 6)
    assert close(use, last_on) == 0
    use.refresh_from_db()
    assert use.ended_at is None
    much_later = NOW + timedelta(days=30)
    six_days = Amount(Decimal("9.00") + Decimal("1.74"), "EUR")
    assert owed(use.organization, much_later) == [six_days]


def test_a_job_disconnects_the_cameras_when_the_last_day_is_over(
    use: UsageInterval, monkeypatch: pytest.MonkeyPatch
) -> None:
    last_on = date(2026, 10, 6)
    close(use, last_on)
    end = datetime(2026, 10, 6, 15, tzinfo=UTC)
    for now, ended_at in [(end - timedelta(seconds=1), None), (end, end)]:
        monkeypatch.setattr("usage.tasks.timezone.now", lambda now=now: now)
        tasks.disconnect_closed(0)
        use.refresh_from_db()
        assert use.ended_at == ended_at


def test_in_another_time_zone_the_last_day_ends_at_another_instant(use: UsageInterval) -> None:
    close(use)
    organization = Organization.objects.get(pk=use.organization_id)
    stored = stored_values(organization)
    fields: Any = {**stored, "time_zone": "UTC"}
    change_organization(pk=organization.pk, shown=version_of(stored), **fields)
    organization.refresh_from_db()
    assert organization.closed_at == datetime(2026, 9, 16, tzinfo=UTC)


@pytest.mark.parametrize("at", [TOKYO_END, TOKYO_END - timedelta(days=1)])
def test_no_use_can_begin_at_a_closed_organization(use: UsageInterval, at: datetime) -> None:
    close(use)
    changes: dict[str, Any] = {"tariff_id": use.tariff_id, "at": at, "now": NOW}
    with pytest.raises(cameras.OrganizationClosed, match="“Harbour” is closed after 15 Sep 2026"):
        cameras.connect(organization_id=use.organization_id, name="new", title="", **changes)
    other = UsageIntervalFactory.create()
    with pytest.raises(cameras.OrganizationClosed):
        cameras.move(
            organization_id=other.organization_id,
            use_ids=[other.pk],
            destination_id=use.organization_id,
            **changes,
        )


def test_a_camera_can_be_connected_before_a_future_last_day(use: UsageInterval) -> None:
    close(use, date(2026, 10, 6))
    cameras.connect(
        organization_id=use.organization_id,
        name="new",
        title="",
        tariff_id=use.tariff_id,
        at=NOW,
        now=NOW,
    )


def test_the_database_refuses_use_that_begins_after_closing(use: UsageInterval) -> None:
    close(use)
    camera = CameraFactory.create(organization=use.organization)
    after = UsageInterval(
        camera=camera, organization=use.organization, tariff=use.tariff, started_at=TOKYO_END
    )
    refused = pytest.raises(IntegrityError, match="after its organization was closed")
    with refused, transaction.atomic():
        after.save()
    after.started_at = TOKYO_END - timedelta(seconds=1)
    after.save()
    with pytest.raises(IntegrityError, match="after its organization was closed"):
        UsageInterval.objects.filter(pk=after.pk).update(started_at=TOKYO_END)


def test_an_organization_can_be_reopened(use: UsageInterval) -> None:
    close(use)
    operations.reopen(organization_id=use.organization_id)
    use.organization.refresh_from_db()
    assert (use.organization.closed_on, use.organization.closed_at) == (None, None)
    use.refresh_from_db()
    assert use.ended_at == TOKYO_END


# Pages.


def address(use: UsageInterval, what: str = "close") -> str:
    return f"/organizations/{use.organization_id}/{what}/"


def test_the_page_shows_what_closing_changes_before_it_closes(
    operator_client: Client, use: UsageInterval
) -> None:
    assert "Last day" in operator_client.get(address(use)).text

    page = operator_client.post(address(use), {"last_on": "2026-09-15"})
    assert "1 camera is disconnected as of 16 Sep 2026" in page.text
    assert "from 16 Sep 2026 to" in page.text
    assert "is no longer billed" in page.text
    use.organization.refresh_from_db()
    assert use.organization.closed_on is None

    seen = page.context["closing"].seen
    answer = operator_client.post(
        address(use), {"last_on": "2026-09-15", "seen": seen}, follow=True
    )
    assert "“Harbour” is closed after 15 Sep 2026." in answer.text
    assert "1 camera was disconnected." in answer.text
    assert "usage is counted up to the end of 15 Sep 2026" in answer.text


def test_a_credit_does_not_hide_what_is_no_longer_billed(
    operator_client: Client, use: UsageInterval
) -> None:
    OneOffChargeFactory.create(
        organization=use.organization, day=date(2026, 9, 20), quantity=-1, amount=500
    )

    page = operator_client.post(address(use), {"last_on": "2026-09-15"})

    (amount,) = page.context["closing"].unbilled.amounts
    assert amount.number > 0


def test_another_day_than_the_one_shown_is_shown_first(
    operator_client: Client, use: UsageInterval
) -> None:
    seen = operator_client.post(address(use), {"last_on": "2026-09-15"}).context["closing"].seen
    operator_client.post(address(use), {"last_on": "2026-09-16", "seen": seen})
    use.organization.refresh_from_db()
    assert use.organization.closed_on is None


def test_the_page_names_the_invoices_after_the_last_day(
    operator_client: Client, use: UsageInterval
) -> None:
    invoice = issued_invoice(use.organization, SEPTEMBER)
    page = operator_client.post(address(use), {"last_on": "2026-09-15"}).text
    assert invoice.number in page
    page = operator_client.post(address(use), {"last_on": "2026-09-30"}).text
    assert invoice.number not in page


@pytest.mark.parametrize(
    ("last_on", "said"),
    [
        ("2026-09-20", "from 16 Sep 2026 to 20 Sep 2026, EUR 1.50, is billed again"),
        ("2026-10-03", "from 16 Sep 2026 to 3 Oct 2026, EUR 5.37, is billed again"),
        ("2026-09-10", "from 11 Sep 2026 to 15 Sep 2026, EUR 1.50, is no longer billed"),
    ],
)
def test_another_last_day_shows_the_money_and_the_invoices_in_between(
    operator_client: Client, use: UsageInterval, last_on: str, said: str
) -> None:
    close(use)
    UsageInterval.objects.filter(pk=use.pk).update(ended_at=NOW)
    use.organization.refresh_from_db()
    september = issued_invoice(use.organization, SEPTEMBER)

    page = operator_client.post(address(use), {"last_on": last_on})

    assert said in " ".join(page.text.split())
    assert page.text.count(" billed again.") + page.text.count(" no longer billed.") == 1
    assert [each.number for each in page.context["affected"].documents] == [september.number]


def test_a_later_last_day_says_that_cameras_stay_disconnected(
    operator_client: Client, use: UsageInterval
) -> None:
    said = "Cameras that were disconnected at the end of 15 Sep 2026 stay disconnected"
    assert said not in operator_client.post(address(use), {"last_on": "2026-09-15"}).text
    close(use)
    assert said in operator_client.post(address(use), {"last_on": "2026-09-30"}).text
    assert said not in operator_client.post(address(use), {"last_on": "2026-09-10"}).text


def test_the_page_says_that_use_begun_after_the_last_day_ends_now(
    operator_client: Client, use: UsageInterval
) -> None:
    UsageIntervalFactory.create(
        camera__organization=use.organization,
        tariff=use.tariff,
        started_at=datetime(2026, 9, 20, tzinfo=UTC),
    )

    both = operator_client.post(address(use), {"last_on": "2026-09-15"}).text
    later = operator_client.post(address(use), {"last_on": "2025-09-15"}).text

    assert "1 camera is disconnected as of 16 Sep 2026" in both
    assert "1 camera whose use began after that day is disconnected now." in both
    assert "2 cameras whose use began after that day are disconnected now." in later
    assert "disconnected as of" not in later
    assert "No cameras are in use." not in later


def test_the_same_last_day_changes_nothing(operator_client: Client, use: UsageInterval) -> None:
    close(use)
    UsageInterval.objects.filter(pk=use.pk).update(ended_at=NOW)
    use.organization.refresh_from_db()
    issued_invoice(use.organization, SEPTEMBER)

    closing = operator_client.post(address(use), {"last_on": "2026-09-15"}).context["closing"]

    assert (closing.unbilled, closing.billed_again) == (None, None)
    assert not closing.affected.documents


@pytest.mark.parametrize("last_on", ["", "2026-02-30", "1800-01-01"])
def test_an_invalid_day_is_an_error_of_its_field(
    operator_client: Client, use: UsageInterval, last_on: str
) -> None:
    response = operator_client.post(address(use), {"last_on": last_on, "seen": "x"})
    assert list(response.context["form"].errors) == ["last_on"]


def test_closed_organizations_are_hidden_unless_asked_for(
    operator_client: Client, use: UsageInterval
) -> None:
    OrganizationFactory.create(title="Open")
    close(use)

    def listed(**query: str) -> list[str]:
        table = operator_client.get("/organizations/", query).context["table"]
        return [row.record.title for row in table.page.object_list]

    assert listed() == ["Open"]
    assert listed(show="closed") == ["Harbour"]
    assert listed(show="all") == ["Harbour", "Open"]
    assert listed(q="harbour", show="closed") == ["Harbour"]
    exported = operator_client.get("/organizations/export.csv", {"show": "closed"})
    assert "2026-09-15" in exported.getvalue().decode()


@pytest.mark.parametrize("to", ["harb", "Harbour"])
def test_a_camera_cannot_be_moved_to_a_closed_organization(
    operator_client: Client, use: UsageInterval, to: str
) -> None:
    close(use)
    moved = UsageIntervalFactory.create()
    page = operator_client.get(f"/cameras/{moved.camera_id}/move/", {"to": to})
    assert list(page.context["destination_form"].errors) == ["to"]


def test_closed_organizations_do_not_hide_others_to_move_a_camera_to(
    operator_client: Client,
) -> None:
    for number in range(20):
        OrganizationFactory.create(title=f"Dock {number}", closed_on=LAST_ON, closed_at=TOKYO_END)
    OrganizationFactory.create(title="Dock open")
    moved = UsageIntervalFactory.create()

    page = operator_client.get(f"/cameras/{moved.camera_id}/move/", {"to": "dock"})

    assert [each.title for each in page.context["found"]] == ["Dock open"]


def test_reopening_asks_first_and_names_invoices_whose_usage_counts_again(
    operator_client: Client, use: UsageInterval
) -> None:
    invoice = issued_invoice(use.organization, SEPTEMBER)
    close(use)
    UsageInterval.objects.filter(pk=use.pk).update(ended_at=NOW)
    assert invoice.number in operator_client.get(address(use, "reopen")).text
    operator_client.post(address(use, "reopen"))
    use.organization.refresh_from_db()
    assert use.organization.closed_on == LAST_ON

    agreed = operator_client.get(address(use, "reopen")).context["affected"].agreed
    operator_client.post(address(use, "reopen"), {"agreed": agreed})
    use.organization.refresh_from_db()
    assert use.organization.closed_on is None


def test_an_organization_is_not_closed_before_a_one_off_charge(
    operator_client: Client, use: UsageInterval
) -> None:
    own = {"organization": use.organization}
    charge = OneOffChargeFactory.create(**own, text="Cable", day=date(2026, 9, 20))
    OneOffChargeFactory.create(**own, text="Given", day=date(2026, 9, 21), quantity=Decimal(-1))

    page: Any = operator_client.post(address(use), {"last_on": "2026-09-15"})

    (error,) = page.context["form"].errors["last_on"]
    assert "One-off charge, Cable, EUR\N{NO-BREAK SPACE}50.00, 20 Sep 2026" in error
    assert "Given" not in error
    with pytest.raises(operations.ChargesAfterClosing, match="Cable"):
        close(use)
    charge.delete()
    assert close(use) == 1


def test_a_charge_added_while_the_page_is_open_is_an_error_of_its_field(
    operator_client: Client, use: UsageInterval, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = operator_client.post(address(use), {"last_on": "2026-09-15"}).context["closing"].seen
    OneOffChargeFactory.create(organization=use.organization, day=date(2026, 9, 20))
    # The form has read the charges before it was added.
    monkeypatch.setattr(forms, "open_charges_after", lambda *_: [])

    page: Any = operator_client.post(address(use), {"last_on": "2026-09-15", "seen": seen})

    assert [*page.context["form"].errors] == ["last_on"]
    use.organization.refresh_from_db()
    assert use.organization.closed_on is None


def test_an_invoiced_charge_does_not_keep_an_organization_open(use: UsageInterval) -> None:
    OneOffChargeFactory.create(organization=use.organization, day=date(2026, 9, 20))
    issued_invoice(use.organization, SEPTEMBER)

    assert close(use) == 1


def test_the_database_refuses_to_close_before_a_charge(use: UsageInterval) -> None:
    OneOffChargeFactory.create(organization=use.organization, day=date(2026, 9, 20))

    with pytest.raises(IntegrityError), transaction.atomic():
        Organization.objects.filter(pk=use.organization_id).update(closed_on=LAST_ON)


@pytest.mark.parametrize("day", ["2026-09-15", "2026-09-16"])
def test_a_charge_after_the_closing_is_refused_on_its_field(
    operator_client: Client, use: UsageInterval, day: str
) -> None:
    close(use)
    given = {"text": "Cable", "quantity": "1", "amount": "5", "currency": "EUR", "day": day}

    page: Any = operator_client.post(
        reverse("organizations:add_term", args=[use.organization_id, "one-off-charges"]), given
    )

    if day == "2026-09-15":
        assert page.status_code == 302
    else:
        (error,) = page.context["form"].errors["day"]
        assert "closed after 15 Sep 2026" in error


def test_the_database_refuses_a_charge_after_the_closing_but_not_the_rest_of_a_credit(
    use: UsageInterval,
) -> None:
    close(use)
    later = date(2026, 10, 1)
    charge = OneOffChargeFactory.create(organization=use.organization, day=LAST_ON)

    with pytest.raises(IntegrityError), transaction.atomic():
        OneOffChargeFactory.create(organization=use.organization, day=later)
    with pytest.raises(IntegrityError), transaction.atomic():
        OneOffCharge.objects.filter(pk=charge.pk).update(day=later)
    OneOffChargeFactory.create(organization=use.organization, day=LAST_ON, quantity=Decimal(-50))
    issued_invoice(use.organization, SEPTEMBER)

    rest = OneOffCharge.objects.get(day=later)
    assert rest.amount > 0


def test_the_month_of_closing_is_still_invoiced(use: UsageInterval) -> None:
    close(use)
    use.organization.refresh_from_db()
    assert issued_invoice(use.organization, SEPTEMBER).net == Decimal("4.50")
