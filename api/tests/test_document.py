"""The OpenAPI document is valid, and each operation in it asks for a token with its scope."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.test import Client
from openapi_spec_validator import OpenAPIV31SpecValidator

from accounts.models import User
from accounts.tests.factories import OwnerFactory
from api.service import service
from api.tests.clients import codes
from api.tests.factories import a_token
from api.tokens.scopes import SCOPES, allowed_scopes
from organizations.tests.factories import OrganizationFactory

ID = 7
METHODS = ("get", "post", "patch", "put", "delete")


class Operation(NamedTuple):
    method: str
    path: str

    def send(self, secret: str, pk: int = ID) -> Any:
        """Send an empty request with a token."""
        headers = {"Idempotency-Key": "1", "If-Match": '"1"'}
        if secret:
            headers["Authorization"] = f"Bearer {secret}"
        client = Client(headers=headers, raise_request_exception=False)
        address = self.path
        while "{" in address:
            before, _brace, rest = address.partition("{")
            address = f"{before}{pk}{rest.partition('}')[2]}"
        if self.method == "get":
            return client.get(address)
        return getattr(client, self.method)(address, "{}", content_type="application/json")


def document() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(json.dumps(service.get_openapi_schema()))
    return read


def operations() -> Iterator[Operation]:
    for path, methods in document()["paths"].items():
        for method in methods.keys() & set(METHODS):
            yield Operation(method, path)


OPERATIONS = sorted(operations())


def test_the_document_is_valid() -> None:
    OpenAPIV31SpecValidator(document()).validate()


def test_the_document_is_served(client: Client) -> None:
    served = client.get("/api/v1/openapi.json")

    assert served.json() == document()
    assert served.json()["openapi"] == "3.1.0"


def test_every_operation_has_its_own_id_a_summary_and_says_what_it_does() -> None:
    every = [document()["paths"][each.path][each.method] for each in OPERATIONS]

    ids = [each["operationId"] for each in every]
    assert len(ids) == len(set(ids)) > 0
    assert all(each["summary"] and each["description"] for each in every)
    assert all(each["security"] for each in every)


@pytest.mark.django_db
@pytest.mark.parametrize("operation", OPERATIONS, ids=" ".join)
def test_every_operation_needs_a_token(operation: Operation) -> None:
    assert codes(operation.send(""))[:2] == (401, "token_missing")


@pytest.mark.django_db
@pytest.mark.parametrize("operation", OPERATIONS, ids=" ".join)
def test_every_operation_that_changes_something_refuses_a_token_that_reads(
    operator: User, operation: Operation
) -> None:
    read = [scope for scope in SCOPES if scope.endswith(":read")]

    answer = operation.send(a_token(operator, scopes=read).secret)

    if operation.method == "get":
        assert answer.status_code in (200, 404, 422)
    else:
        assert codes(answer)[:2] == (403, "scope_missing")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "operation", [each for each in OPERATIONS if "{pk}" in each.path], ids=" ".join
)
def test_nothing_of_another_organization_is_found(operator: User, operation: Operation) -> None:
    own, other = OrganizationFactory.create(), OrganizationFactory.create()
    limited = a_token(operator, organization_ids=[own.pk]).secret
    of_owner = a_token(OwnerFactory.create()).secret

    assert codes(operation.send(of_owner, other.pk))[0] in (403, 404, 422)
    if "/organizations/" in operation.path:
        assert operation.send(limited, other.pk).status_code in (404, 422)
    assert allowed_scopes(operator) == SCOPES
