"""Test a connection by API v3."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from watcher.clients.testing import Findings, unless_refused, utc_now
from watcher.clients.values import object_of, text_of
from watcher.connection.models import ApiScope
from watcher.platform import Lack, TestReport

if TYPE_CHECKING:
    from watcher.clients.v3 import WatcherV3

_FIRST_OF_26 = 26


def report_of(client: WatcherV3) -> TestReport:
    """Find out what the service user can see and do."""
    findings = Findings()
    _find_version(client, findings)
    profile = client.call(ApiScope.CLIENT, "GET", "/profile").object
    findings.login = text_of(profile, "name") or client.credentials.login
    is_admin = profile.get("is_admin") is True or profile.get("access_level") == "admin"
    findings.is_administrator = is_admin
    _find_clock(client, findings)
    widest = ApiScope.ADMIN if client.admin_base else ApiScope.CLIENT
    if not client.admin_base:
        findings.lacks.append(Lack.ADMINISTRATOR)
    lacks_cameras = Lack.ADMINISTRATOR if client.admin_base else Lack.CAMERAS
    for name, scope, path, key, lack in (
        ("cameras", widest, "/streams", "streams", lacks_cameras),
        ("users", widest, "/users", "users_list", Lack.USERS),
        ("presets", widest, "/presets", "presets", Lack.PRESETS),
        ("organizations", ApiScope.CLIENT, "/organizations", "organizations", Lack.ORGANIZATIONS),
    ):
        findings.count(name, partial(_count, client, scope, path, key), lack)
    if findings.counts.get("organizations") == 0:
        findings.lacks.append(Lack.ORGANIZATIONS)
    if client.is_26:
        one = {"limit": "1"}
        usage = partial(client.call, widest, "GET", "/usage/cameras", query=one)
        log = partial(client.call, ApiScope.CLIENT, "GET", "/access_log", query=one)
        findings.reach(usage, Lack.USAGE)
        findings.reach(log, Lack.LOG)
    return findings.report


def _find_version(client: WatcherV3, findings: Findings) -> None:
    """Ask for the version, which needs no sign-in; Watcher 25 does not say."""
    answer = unless_refused(
        lambda: client.transport.call("GET", f"{client.client_base}/ui_settings").object
    )
    findings.version = text_of(object_of(answer or {}, "server_info"), "version")
    major = findings.version.partition(".")[0]
    says_another = major.isdigit() and (int(major) >= _FIRST_OF_26) is not client.is_26
    # Watcher 26 says its version here, and 25 does not.
    is_silent = answer is not None and not major and client.is_26
    if says_another or is_silent:
        findings.lacks.append(Lack.VERSION)


def _find_clock(client: WatcherV3, findings: Findings) -> None:
    if not client.admin_base:
        return
    before = utc_now()
    answer: Any = unless_refused(
        lambda: client.call(ApiScope.ADMIN, "GET", "/monitoring/liveness").object
    )
    if answer is None:
        return
    findings.version = findings.version or text_of(answer, "server_version")
    findings.compare_clock(answer.get("now"), before, utc_now())


def _count(client: WatcherV3, scope: ApiScope, path: str, key: str) -> int:
    page = client.call(scope, "GET", path, query={"limit": "1"}).object
    estimate = page.get("estimated_count")
    return estimate if isinstance(estimate, int) else len(page.get(key) or [])
