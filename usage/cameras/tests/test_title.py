"""Test editing the title of a camera."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import OperatorFactory
from usage.models import Camera
from usage.tests.factories import CameraFactory

# The history tells changes apart by their transactions.
pytestmark = pytest.mark.django_db(transaction=True)


def address(camera: Camera) -> str:
    return reverse("usage:edit_title", args=[camera.pk])


def filled_in(client: Client, camera: Camera, title: str) -> dict[str, str]:
    """Return what the form sends when it has been opened and `title` typed."""
    return {"title": title, "version": client.get(address(camera)).context["version"]}


@pytest.fixture
def camera(db: None) -> Camera:
    return CameraFactory.create(name="gate-01", title="Main gate")


@pytest.mark.parametrize("title", ["North gate", ""])
def test_the_title_is_saved_and_recorded(
    operator_client: Client, camera: Camera, title: str
) -> None:
    response = operator_client.post(address(camera), filled_in(operator_client, camera, title))

    assert response.headers["Location"] == f"/cameras/{camera.pk}/"
    camera.refresh_from_db()
    assert camera.title == title
    history = operator_client.get(reverse("usage:camera_history", args=[camera.pk])).text
    assert "<del>Main gate</del>" in history


def test_a_title_on_two_lines_is_refused_on_its_field(
    operator_client: Client, camera: Camera
) -> None:
    for typed in ("North\ngate", "g" * 201):
        response = operator_client.post(address(camera), filled_in(operator_client, camera, typed))
        assert response.context["form"].errors.keys() == {"title"}
        assert response.context["form"]["title"].value() == typed
    assert Camera.objects.get().title == "Main gate"


def test_a_title_that_someone_else_has_changed_is_not_overwritten(
    operator_client: Client, client: Client, camera: Camera
) -> None:
    client.force_login(OperatorFactory.create(email="bob@example.com"))
    mine = filled_in(operator_client, camera, "Mine")
    client.post(address(camera), filled_in(client, camera, "Theirs"))

    response = operator_client.post(address(camera), mine)

    (difference,) = response.context["conflict"].differences
    assert (difference.typed, difference.stored) == ("Mine", "Theirs")
    assert difference.change.who == "bob@example.com"
    assert "gate-01" in response.text
    again = mine | {"version": response.context["version"]}
    assert operator_client.post(address(camera), again).status_code == 302
    assert Camera.objects.get().title == "Mine"


def test_only_operators_are_offered_to_edit_it(
    operator_client: Client, support_client: Client, camera: Camera
) -> None:
    page = reverse("usage:camera", args=[camera.pk])
    assert address(camera) in operator_client.get(page).text
    assert address(camera) not in support_client.get(page).text


def test_other_methods_are_refused(operator_client: Client, camera: Camera) -> None:
    assert operator_client.put(address(camera)).status_code == 405
