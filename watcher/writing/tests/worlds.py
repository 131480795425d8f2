"""A world whose requests are carried out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from watcher.models import WriteRequest
from watcher.reading.tests.worlds import World
from watcher.writing.carrying_out import carry_out_due

State = WriteRequest.State


@dataclass
class Writer:
    """Carries out requests of a world, by its clock, without waiting."""

    world: World

    def enable(self, *directions: str) -> None:
        """Switch on what billing may write."""
        for name in directions:
            setattr(self.world.connection, name, True)
        self.world.connection.save()

    def disable(self, *directions: str) -> None:
        """Switch it off."""
        for name in directions:
            setattr(self.world.connection, name, False)
        self.world.connection.save()

    def write(self) -> list[tuple[str, str]]:
        """Do what a job does; return subjects and states of all requests, in order."""
        carry_out_due(clock=timezone.now, sleep=self.world.sleep)
        return self.states()

    def states(self) -> list[tuple[str, str]]:
        """Return subjects and states of all requests, in order."""
        return list(WriteRequest.objects.order_by("pk").values_list("subject", "state"))

    def calls(self, path: str, method: str = "PUT") -> list[Any]:
        """Return the bodies of calls that changed something."""
        return [call.body for call in self.world.standin.calls.to(path, method)]
