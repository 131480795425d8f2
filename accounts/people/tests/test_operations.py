"""Abuse of operations on people: forged, old, used and replaced links, and people at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.core import signing
from django.db import connection

from accounts.models import User
from accounts.people import operations
from accounts.people.models import AddressChange
from accounts.tests.factories import OperatorFactory, OwnerFactory
from accounts.tests.links import aged
from accounts.tokens import address_token

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def request(user: User, email: str = "new@example.com") -> AddressChange:
    change = operations.request_address_change(pk=user.pk, email=email, now=NOW, by=user)
    assert change is not None
    return change


def assert_refused(token: str) -> None:
    with pytest.raises(operations.ConfirmationRefused):
        operations.confirm_address(token=token, now=NOW)


@pytest.mark.django_db
class TestConfirm:
    def test_refuses_a_forged_link(self, owner: User) -> None:
        token = address_token(request(owner))

        for forged in ("", "x", token[:-1], token + "x", "é\0"):
            assert_refused(forged)

    def test_refuses_what_was_signed_for_something_else(self, owner: User) -> None:
        change = request(owner)

        assert_refused(signing.dumps({"id": change.pk, "email": change.email}, salt="other"))

    def test_refuses_an_old_link(self, owner: User) -> None:
        token = address_token(request(owner))

        with aged(days=7, seconds=2):
            assert_refused(token)

    def test_refuses_a_replaced_link(self, owner: User) -> None:
        token = address_token(request(owner))
        request(owner, "other@example.com")

        assert_refused(token)

    def test_refuses_the_same_address_requested_again(self, owner: User) -> None:
        token = address_token(request(owner))
        again = address_token(request(owner))

        assert_refused(token)
        assert operations.confirm_address(token=again, now=NOW).email == "new@example.com"

    def test_refuses_once_the_person_is_blocked(self, owner: User) -> None:
        token = address_token(request(owner))
        operations.block(pk=owner.pk, now=NOW)
        operations.unblock(pk=owner.pk)

        assert_refused(token)

    def test_refuses_an_address_that_was_given_to_somebody_else(self, owner: User) -> None:
        token = address_token(request(owner))
        OwnerFactory.create(email="new@example.com")

        with pytest.raises(operations.AddressTaken):
            operations.confirm_address(token=token, now=NOW)

        owner.refresh_from_db()
        assert owner.email != "new@example.com"


@pytest.mark.django_db(transaction=True)
def test_two_operators_who_block_each_other_leave_one() -> None:
    pair = [OperatorFactory.create(), OperatorFactory.create()]
    together = Barrier(2)

    def race(user: User) -> bool:
        together.wait()
        try:
            operations.block(pk=user.pk, now=NOW)
        except operations.LastOperator:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        blocked = list(pool.map(race, pair))

    assert sorted(blocked) == [False, True]
    assert User.objects.operators_who_can_sign_in().count() == 1
