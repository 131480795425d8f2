"""Change the title of a camera."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.db import transaction

from foundation.web.versions import refuse_overwriting
from usage.models import Camera

LONGEST_TITLE = 200
_AT_ONCE = 1_000


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


def follow_titles(renamed: Iterable[tuple[str, str, str]]) -> None:
    """Give cameras the titles that a platform has now, if they had those of before here, too.

    Each has a name, the former title and the present one; titles that are too long are cut. The
    caller has locked the cameras.
    """
    remaining = iter(renamed)
    while some := list(islice(remaining, _AT_ONCE)):
        titles = {name: (was[:LONGEST_TITLE], is_[:LONGEST_TITLE]) for name, was, is_ in some}
        cameras = Camera.objects.filter(name__in=titles).order_by("pk")
        following = [each for each in cameras if each.title == titles[each.name][0]]
        for each in following:
            each.title = titles[each.name][1]
        Camera.objects.bulk_update(following, ["title"])
