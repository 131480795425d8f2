"""Parts of answers that all of API v3 shares."""

from typing import Any

from watcher.standin.state.watcher import Watcher
from watcher.standin.web.messages import Answer


def created(watcher: Watcher, body: dict[str, Any]) -> Answer:
    """Return the answer to what made something."""
    return Answer(watcher.switches.status_of_create, body)


def deleted(watcher: Watcher) -> Answer:
    """Return the answer to a deletion."""
    status = watcher.switches.status_of_delete
    return Answer(status, None if status == 204 else {})


def nulls_clear(watcher: Watcher) -> bool:
    """Tell whether null in a body sets the default value."""
    return watcher.switches.null_in_put == "clears"
