"""The control interface: what tests and people change in the stand-in, as JSON over HTTP.

`POST /standin/api/cameras.rename` with `{"name": "...", "title": "..."}` does what the method of
that name does; the body has its arguments. `GET /standin/api/calls` shows the record.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from itertools import islice
from typing import Any

from watcher.standin.state.refusals import RefusedError
from watcher.standin.state.switches import positions_of_switches
from watcher.standin.state.watcher import Watcher
from watcher.standin.web.calls import Calls
from watcher.standin.web.faults import Faults
from watcher.standin.web.messages import Answer
from watcher.standin.web.pages import Pages

_VERBS = {
    "cameras": "add change rename move change_preset disable enable set_status remove make_again "
    "prepare_agent activate_agent",
    "organizations": "add change remove add_member remove_member assign_preset unassign_preset "
    "add_folder remove_folder",
    "presets": "add change remove",
    "users": "add change remove",
    "sessions": "revoke_all expire_access_tokens count",
    "clock": "stop_at advance run",
    "switches": "set",
}
_SESSION_SETTINGS = (
    "access_life_seconds",
    "refresh_life_seconds",
    "wrong_passwords_allowed",
    "block_seconds",
)
_CONVERTED: dict[str, Callable[[Any], Any]] = {"rights": frozenset, "inputs": tuple}
_SECRET = {"password", "apikey"}


class Control:
    """Answer calls to `/standin/api/`."""

    def __init__(self, watcher: Watcher, faults: Faults, calls: Calls, pages: Pages) -> None:
        self._watcher = watcher
        self._faults = faults
        self._calls = calls
        self._pages = pages
        self.commands: dict[str, Callable[..., object]] = {
            f"{part}.{verb}": getattr(getattr(watcher, part), verb)
            for part, verbs in _VERBS.items()
            for verb in verbs.split()
        }
        self.commands |= {
            "sessions.set": self._set_sessions,
            "clock.set_offset": self._set_offset,
            "faults.order": faults.order,
            "faults.clear": faults.clear,
            "calls.clear": calls.clear,
            "pages.before": self._before_page,
            "pages.clear": pages.clear,
        }

    def answer(self, method: str, name: str, query: dict[str, str], body: bytes) -> Answer:
        """Do what is asked, or say why not."""
        try:
            if method == "GET":
                return Answer(body=_plain(self._shown(name, query)))
            if method != "POST" or name not in self.commands:
                return Answer(404, {"error": f"There is no {method} {name}."})
            sent = json.loads(body or b"{}")
            if not isinstance(sent, dict):
                return Answer(400, {"error": "The body is an object with the arguments."})
            with self._watcher.state.lock:
                return Answer(body=_plain(self.run(name, sent)))
        except RefusedError as error:
            refusal = {"error": error.title, "pointer": error.pointer}
            return Answer(error.status, refusal)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            return Answer(400, {"error": str(error)})

    def run(self, name: str, arguments: Mapping[str, Any]) -> object:
        """Run a command by its name."""
        converted = {
            key: _CONVERTED[key](value) if key in _CONVERTED and value is not None else value
            for key, value in arguments.items()
        }
        return self.commands[name](**converted)

    def _shown(self, name: str, query: dict[str, str]) -> object:
        state = self._watcher.state
        if name == "calls":
            found = self._calls.to(query.get("path", ""), query.get("method", ""))
            return found[-int(query.get("last", "1000")) :]
        if name == "spans":
            return state.spans(query["name"])
        if name == "faults":
            return self._faults.ordered
        if name == "switches":
            return {
                switch: {"is": getattr(self._watcher.switches, switch), "positions": positions}
                for switch, positions in positions_of_switches().items()
            }
        if name in {"organizations", "presets", "users"}:
            things: dict[int, Any] = getattr(state, name)
            return list(islice(things.values(), int(query.get("first", "1000"))))
        if name == "state":
            return self._state()
        raise KeyError(f"There is no {name}.")

    def _state(self) -> dict[str, object]:
        state = self._watcher.state
        return {
            "now_ms": self._watcher.clock.now_ms(),
            "organizations": len(state.organizations),
            "cameras": len(state.cameras),
            "users": len(state.users),
            "presets": len(state.presets),
            "calls": len(self._calls.all),
            "commands": sorted(self.commands),
        }

    def _set_sessions(self, **values: float | None) -> None:
        unknown = values.keys() - set(_SESSION_SETTINGS)
        if unknown:
            raise ValueError(f"There is no {', '.join(sorted(unknown))}.")
        for name, value in values.items():
            setattr(self._watcher.sessions, name, value)

    def _set_offset(self, *, seconds: float) -> None:
        self._watcher.clock.offset_seconds = seconds

    def _before_page(
        self, *, page: int, do: str, arguments: dict[str, Any], path: str = ""
    ) -> None:
        if do not in self.commands:
            raise ValueError(f"There is no {do}.")
        self._pages.before(page, lambda: self.run(do, arguments), path=path)


def _plain(value: object) -> Any:
    """Return a value as JSON can show it; passwords and keys are left out."""
    if is_dataclass(value) and not isinstance(value, type):
        names = [one.name for one in fields(value) if not one.name.startswith("_")]
        shown = {name: getattr(value, name) for name in names if name not in _SECRET}
        return _plain(shown)
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
