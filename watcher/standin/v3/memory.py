"""What Watcher itself remembers, since version 26: the usage report and the log of actions."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from watcher.standin.state.records import LogEntry
from watcher.standin.state.refusals import forbidden, invalid
from watcher.standin.state.usage import UsageRow
from watcher.standin.state.watcher import Watcher
from watcher.standin.web.lists import Listing, listed
from watcher.standin.web.messages import Answer, Request, Routes
from watcher.standin.web.rights import organizations_seen

routes = Routes()


@routes.add("GET", "/usage/cameras", "client", "admin", since=26)
def usage(watcher: Watcher, request: Request) -> Answer:
    """List which camera had which preset at the beginning of the days asked for, in UTC."""
    if not request.caller.administers:
        raise forbidden("Only administrators may see the usage")
    now = datetime.fromtimestamp(watcher.clock.now_s(), UTC).date()
    last_day = _day(request, "to", now - timedelta(days=1))
    first_day = _day(request, "from", last_day)
    if last_day < first_day:
        raise invalid("The last day is before the first", "/to")
    rows = watcher.usage.rows(first_day, last_day)
    listing = Listing(
        "usage",
        "",
        range(len(rows)),
        rows.__getitem__,
        lambda row: _usage_row(watcher, row),
        known_parameters=frozenset({"from", "to", "license_id"}),
    )
    return Answer(body=listed(listing, request.query, watcher.switches))


def _day(request: Request, name: str, default: date) -> date:
    try:
        return date.fromisoformat(request.query[name]) if name in request.query else default
    except ValueError as error:
        raise invalid("A date is YYYY-MM-DD", f"/{name}") from error


def _usage_row(watcher: Watcher, row: UsageRow) -> dict[str, Any]:
    state = watcher.state
    preset = state.presets[row.preset_id]
    shown: dict[str, Any] = {
        "stream_name": row.name,
        "account_id": row.organization_id,
        "plan_id": preset.external_id,
        "billing_plan_id": preset.billing_external_id,
        "license_id": "standin",
        "from": row.first_day.isoformat(),
        "to": row.last_day.isoformat(),
    }
    organization = state.organizations.get(row.organization_id)
    owner = state.users.get(organization.owner_id or 0) if organization else None
    if owner and watcher.switches.external_account_id == "owner":
        shown["external_account_id"] = owner.external_id
    return shown


@routes.add("GET", "/access_log", "client", since=26)
def access_log(watcher: Watcher, request: Request) -> Answer:
    """List actions in the organizations that the caller sees; instants are seconds."""
    state = watcher.state
    seen = organizations_seen(watcher, request)
    reach = watcher.switches.log_reach_days * 86_400_000
    since = watcher.clock.now_ms() - reach if reach else 0

    def visible(entry: LogEntry) -> bool:
        return entry.at >= since and (
            seen is None or request.caller.administers or entry.organization_id in seen
        )

    listing = Listing(
        "access_log",
        "id",
        range(1, len(state.log) + 1),
        lambda pk: state.log[pk - 1],
        lambda entry: _entry(watcher, entry),
        visible,
    )
    return Answer(body=listed(listing, request.query, watcher.switches))


def _entry(watcher: Watcher, entry: LogEntry) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": entry.id,
        "created_at": entry.at // 1000,
        "action": {"type": entry.action},
        "object": {
            "type": entry.object_type,
            "id": entry.object_id,
            "representation": entry.representation,
        },
        "domain": {"id": 1, "title": "Default"},
        "user": {
            "id": watcher.state.logins.get(entry.login),
            "login": entry.login,
            "request_data": {"ip": "127.0.0.1", "user_agent": "standin"},
        },
        "event_data": entry.data,
    }
    organization = watcher.state.organizations.get(entry.organization_id or 0)
    if organization:
        shown["organization"] = {"id": organization.id, "title": organization.title}
    return shown
