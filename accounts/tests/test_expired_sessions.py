"""Sessions that have expired."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.tasks import remove_expired_sessions

pytestmark = pytest.mark.django_db


def test_expired_sessions_are_removed_and_others_are_kept(
    owner_client: Client, operator_client: Client
) -> None:
    expired = owner_client.session.session_key
    Session.objects.filter(pk=expired).update(expire_date=timezone.now() - timedelta(seconds=1))

    remove_expired_sessions(timestamp=0)

    assert Session.objects.values_list("pk", flat=True).get() == operator_client.session.session_key
