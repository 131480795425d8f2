"""Suspend an organization by what is its own and on, and restore no more than that."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, ClassVar

from watcher.clients.transport import Answer, Transport
from watcher.clients.writing import surely, switch
from watcher.errors import NotThereError
from watcher.platform import (
    LowerLimit,
    PlatformCamera,
    PlatformUser,
    SuspendBy,
    Suspended,
    Tenant,
    TenantChange,
)


class Suspends:
    """Suspends and restores by a switch that users and cameras have alike, and by a limit.

    `switched` is its name and what it says while they are suspended; absent means the contrary.
    """

    transport: Transport
    switched: ClassVar[tuple[str, bool]]

    def _user_call(self, user_id: str, method: str, body: Any = None) -> Answer:
        raise NotImplementedError

    def _camera_call(self, name: str, method: str, body: Any = None) -> Answer:
        raise NotImplementedError

    def camera(self, name: str) -> PlatformCamera | None:
        raise NotImplementedError

    def tenant(self, tenant_id: str) -> Tenant | None:
        raise NotImplementedError

    def change_tenant(self, tenant_id: str, change: TenantChange) -> Tenant:
        raise NotImplementedError

    def suspend(self, suspended: Suspended) -> None:
        """Block the users, disable the cameras, or lower the limit."""
        self._switch(suspended, is_suspended=True)
        if suspended.limit:
            self._limit(suspended.limit, suspended.limit.before, suspended.limit.meanwhile)

    def restore(self, suspended: Suspended) -> None:
        """Unblock the users, enable the cameras, or raise the limit, as far as they still exist."""
        self._switch(suspended, is_suspended=False)
        if suspended.limit:
            self._limit(suspended.limit, suspended.limit.meanwhile, suspended.limit.before)

    def _limit(self, limit: LowerLimit, present: int, wanted: int) -> None:
        """Set a limit of cameras, unless it is no longer what it is thought to be."""
        known = surely(lambda: self.tenant(limit.tenant_id))
        if known is None or known.most_cameras != present:
            return
        self.change_tenant(limit.tenant_id, TenantChange(most_cameras=wanted))

    def _limit_to_lower(self, tenant_id: str) -> Suspended:
        tenant = self.tenant(tenant_id)
        if tenant is None:
            raise NotThereError
        most, present = tenant.most_cameras, tenant.cameras
        limit = (
            LowerLimit(tenant_id, most, present) if most and present and present < most else None
        )
        return Suspended(SuspendBy.LIMITING_CAMERAS, limit=limit)

    def _cameras_to_disable(self, names: Iterable[str], tenant_id: str) -> Suspended:
        """Keep cameras that are enabled and still in the organization."""
        cameras = (surely(partial(self.camera, name)) for name in names)
        return Suspended(
            SuspendBy.DISABLING_CAMERAS,
            camera_names=tuple(
                each.name
                for each in cameras
                if each and each.tenant_id == tenant_id and not each.is_disabled
            ),
        )

    def _switch(self, suspended: Suspended, *, is_suspended: bool) -> None:
        name, while_suspended = self.switched
        calls = [
            *(partial(self._user_call, each) for each in suspended.user_ids),
            *(partial(self._camera_call, each) for each in suspended.camera_names),
        ]
        for call in calls:
            value = while_suspended is is_suspended
            switch(call, name, value, default=not while_suspended, wait=self.transport.sleep)


def users_to_block(users: Iterable[PlatformUser], tenant_id: str, own_login: str) -> Suspended:
    """Keep users who can sign in and are in this organization alone.

    Administrators, and the user that the connection signs in with, are never blocked.
    """
    return Suspended(
        SuspendBy.BLOCKING_USERS,
        user_ids=tuple(
            user.id
            for user in users
            if user.tenant_ids == (tenant_id,)
            and not (user.is_blocked or user.is_administrator or user.login == own_login)
        ),
    )
