"""The health check at /healthz."""

import pytest
from django.test import Client


@pytest.mark.django_db
def test_the_database_answers(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


@pytest.mark.django_db(transaction=True)
def test_the_database_does_not_answer(client: Client, unreachable_database: None) -> None:
    assert client.get("/healthz").status_code == 503


def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
