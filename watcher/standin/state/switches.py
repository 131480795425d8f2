"""What nobody knows of a real Watcher, or what differs between releases, as switches."""

from dataclasses import dataclass, fields
from typing import Any, Literal, get_args, get_origin, get_type_hints


@dataclass
class Switches:
    """How this Watcher behaves. Each switch has at least two positions; the first is as given."""

    version: Literal[26, 25] = 26
    # Releases: cameras have objects and the old fields, objects only, or old fields only.
    references: Literal["both", "objects", "fields"] = "both"
    vision: Literal["alg", "detector_type"] = "alg"
    # Answers to what this release does not have.
    missing_operation: Literal[405, 501, 404] = 405
    errors: Literal["list", "word"] = "list"
    status_of_create: Literal[200, 201] = 200
    status_of_delete: Literal[204, 200] = 204
    # Lists.
    end_of_list: Literal["null", "absent"] = "null"
    empty_list: Literal["array", "absent"] = "array"
    estimated_count: Literal["right", "absent", "wrong"] = "right"
    largest_page: Literal[0, 1000, 200, 100, 10] = 0
    sort: Literal["any", "refused"] = "any"
    filters_by_field: Literal["ignored", "applied"] = "ignored"
    default_order: Literal["ascending", "descending"] = "ascending"
    v2_default_page: Literal[0, 100] = 0
    v2_organization_filter: Literal["applied", "ignored"] = "applied"
    # Sign-in.
    refresh_token: Literal["kept", "new", "absent"] = "absent"
    api_key: Literal["header", "bearer"] = "header"
    liveness: Literal["open", "credentials"] = "open"
    # By what a user is named for whom an auto-login token is made.
    autologin_login: Literal["either", "email", "name"] = "either"
    administrator_in_client: Literal["members only", "all"] = "members only"
    # Names and values.
    slash_in_names: Literal["encoded", "plain", "both"] = "encoded"
    null_in_put: Literal["ignored", "clears"] = "ignored"
    # Whether an object without values takes the analytics off a preset.
    empty_vision_in_put: Literal["clears", "ignored"] = "clears"
    no_archive: Literal["absent", "null", "zero"] = "absent"
    gigabyte: Literal[1_000_000_000, 1_073_741_824] = 1_000_000_000
    titles: Literal["free", "unique"] = "free"
    taken_login: Literal[409, 400] = 409
    zero_limit: Literal["nothing allowed", "no limit"] = "nothing allowed"
    import_json: Literal["refused", "accepted"] = "refused"
    # Whether an administrator who makes an organization for another owner becomes a member.
    maker: Literal["joins", "stays out"] = "joins"
    # Whether the sender of a message sees it in the list.
    sent_messages: Literal["shown", "hidden"] = "shown"
    # What happens to the rest.
    delete_organization_with_cameras: Literal["refused", "deletes them"] = "refused"
    delete_owner: Literal["refused", "leaves no owner"] = "refused"
    unassign_used_preset: Literal["refused", "allowed"] = "refused"
    unassign_default_preset: Literal["refused", "allowed"] = "refused"
    archive_of_disabled: Literal["kept", "lost"] = "kept"
    last_change_by_multiedit: Literal["moves", "stays"] = "moves"
    last_change_by_preset: Literal["moves", "stays"] = "moves"
    # How many reads of a camera, organization or user still show what it was before it changed.
    stale_reads: Literal[0, 1, 2, 5] = 0
    # What Watcher remembers.
    usage_of_disabled: Literal["counted", "left out"] = "counted"
    external_account_id: Literal["owner", "absent"] = "owner"
    usage_delay_days: Literal[0, 1, 2] = 0
    usage_reach_days: Literal[0, 30] = 0
    log_reach_days: Literal[0, 30] = 0

    def set(self, **positions: Any) -> None:
        """Set switches by name, all or none.

        Raises:
            ValueError: for a switch that is unknown, or a position that it does not have.
        """
        known = positions_of_switches()
        for name, position in positions.items():
            if name not in known:
                raise ValueError(f"There is no switch {name}. There are: {', '.join(known)}.")
            if not any(position == one and type(position) is type(one) for one in known[name]):
                choices = ", ".join(repr(one) for one in known[name])
                raise ValueError(f"{name} is one of {choices}, not {position!r}.")
        for name, position in positions.items():
            setattr(self, name, position)


def positions_of_switches() -> dict[str, tuple[Any, ...]]:
    """Return the positions of each switch, that of a new stand-in among them."""
    hints = get_type_hints(Switches)
    names = [field.name for field in fields(Switches)]
    assert all(get_origin(hints[name]) is Literal for name in names)
    return {name: get_args(hints[name]) for name in names}
