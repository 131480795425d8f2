"""Change the title of a camera."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from foundation.web.versions import refuse_overwriting
from usage.models import Camera


def stored_values(camera: Camera) -> dict[str, Any]:
    """Return the editable values of a camera as stored, by field name."""
    return {"title": camera.title}


@transaction.atomic
def change_title(*, camera_id: int, shown: str, title: str) -> Camera:
    """Give a camera another title; an empty one removes it.

    `shown` is the version (see `foundation.web.versions`) of the `stored_values` that were shown.

    Raises:
        Camera.DoesNotExist: the camera does not exist.
        EditedByOthers: someone has changed the title since it was shown.
    """
    camera = Camera.objects.select_for_update(no_key=True).get(pk=camera_id)
    refuse_overwriting(shown=shown, stored=stored_values(camera), given={"title": title})
    camera.title = title
    camera.save(update_fields=["title"])
    return camera
