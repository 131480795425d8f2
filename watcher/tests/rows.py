"""A row of each table that support staff look up."""

from __future__ import annotations

from django.db import models

from organizations.models import Organization
from watcher.errors import UnreachableError, stored_error
from watcher.models import (
    CameraChange,
    CameraLimit,
    Difference,
    PlatformCamera,
    PlatformOrganization,
    PlatformPreset,
    Poll,
    PresetLink,
    ReportDifference,
    SuspendedItem,
    WatcherSuspension,
)
from watcher.reading.reasons import Reason
from watcher.reading.tests.test_pages import a_change
from watcher.tests.factories import (
    SEEN_AT,
    CameraLimitFactory,
    DifferenceFactory,
    PlatformCameraFactory,
    PresetLinkFactory,
    ReportDifferenceFactory,
)


def rows_of_watcher(organization: Organization) -> dict[type[models.Model], models.Model]:
    """Return what Watcher has, and what differs there; with all that is shown in words."""
    camera = PlatformCameraFactory.create(
        name=f"gate-{organization.pk}", organization__title="Watchful Ltd"
    )
    failure = stored_error(UnreachableError())
    poll = Poll.objects.create(
        outcome=Poll.Outcome.FAILED, begun_at=SEEN_AT, ended_at=SEEN_AT, failure=failure
    )
    suspension = WatcherSuspension.objects.create(
        organization=organization,
        told_at=SEEN_AT,
        next_attempt_at=SEEN_AT,
        failing_since=SEEN_AT,
        failure=failure,
    )
    assert camera.preset
    return {
        PlatformOrganization: camera.organization,
        PlatformPreset: camera.preset,
        PlatformCamera: camera,
        PresetLink: PresetLinkFactory.create(preset=camera.preset),
        Poll: poll,
        CameraChange: a_change("gate-1", Reason.CLOSED),
        Difference: DifferenceFactory.create(),
        ReportDifference: ReportDifferenceFactory.create(organization=organization),
        CameraLimit: CameraLimitFactory.create(organization=organization),
        WatcherSuspension: suspension,
        SuspendedItem: SuspendedItem.objects.create(
            suspension=suspension, by="cameras", key="gate-1", at=SEEN_AT
        ),
    }
