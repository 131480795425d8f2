"""How requests call the object that they change; the requests of one object keep their order."""

from __future__ import annotations

from enum import StrEnum


class Subject(StrEnum):
    """A kind of object: of the platform, or, until it is there, of ours."""

    CAMERA = "camera"
    PRESET = "preset"
    ORGANIZATION = "organization"
    USER = "user"
    OUR_ORGANIZATION = "our-organization"
    OUR_TARIFF = "tariff"
    OUR_USER = "our-user"

    def of(self, key: object) -> str:
        """Return the subject of an object, by its id or name."""
        return f"{self}:{key}"


def key_of(subject: str) -> str:
    """Return the id or name of the object of a subject."""
    return subject.partition(":")[2]
