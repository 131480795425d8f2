"""Reading the fields of a body that was sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from watcher.standin.state.records import Dvr
from watcher.standin.state.refusals import invalid

_NAMES = {str: "a string", int: "an integer", bool: "true or false", list: "an array"}
_ABSENT = object()


@dataclass(frozen=True)
class Field:
    """A field of a body: where it is (with dots), its type, and what null makes of it."""

    path: str
    kind: type
    cleared: Any = _ABSENT


def fields_of(
    body: Mapping[str, Any], known: Mapping[str, Field], *, nulls_clear: bool
) -> dict[str, Any]:
    """Return the fields that a body sets, by our names; it may have any others.

    Raises:
        RefusedError: for a value of the wrong type.
    """
    found = {}
    for name, field in known.items():
        value = _at(body, field.path)
        if value is None:
            if nulls_clear and field.cleared is not _ABSENT:
                found[name] = field.cleared
        elif value is not _ABSENT:
            found[name] = _checked(value, field)
    return found


def dvr_of(value: Any, pointer: str = "/dvr") -> Dvr:
    """Return archive settings; what is null is left out.

    Raises:
        RefusedError: for what is not a number of at least 0.
    """
    if not isinstance(value, dict):
        raise invalid("This is an object", pointer)
    dvr = {name: value[name] for name in Dvr.__annotations__ if value.get(name) is not None}
    for name, number in dvr.items():
        if type(number) is not int or number < 0:
            raise invalid("This is an integer of at least 0", f"{pointer}/{name}")
    if dvr.get("disk_usage_limit", 0) > 100:
        raise invalid("A percentage is at most 100", f"{pointer}/disk_usage_limit")
    return cast(Dvr, dvr)


def vision_of(value: Any) -> str | None:
    """Return the analytics in either form of a release, or None.

    Raises:
        RefusedError: for what is not known.
    """
    if not isinstance(value, dict):
        raise invalid("This is an object", "/vision")
    alg = value.get("alg", value.get("detector_type"))
    if alg not in {None, "faces", "plates", "vehicles", "motion", "qr-codes", "humans"}:
        raise invalid("No such analytics", "/vision/alg")
    return alg if isinstance(alg, str) else None


def _at(body: Any, path: str) -> Any:
    for part in path.split("."):
        if not isinstance(body, Mapping) or part not in body:
            return _ABSENT
        body = body[part]
    return body


def _checked(value: Any, field: Field) -> Any:
    # In Python, a bool is an int.
    if type(value) is not field.kind:
        title = f"This is {_NAMES[field.kind]}"
        raise invalid(title, "/" + field.path.replace(".", "/"))
    return value
