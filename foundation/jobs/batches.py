"""Share work on many objects among jobs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.tasks import Task
from procrastinate.types import JSONValue


def defer_in_batches(task: Task[Any, Any, Any], waiting: Sequence[int], *, number: int) -> None:
    """Defer jobs of a task, each with up to `number` of the ids of the `organization_ids` waiting.

    While earlier jobs of the task are waiting, none are added: what is new is done after them.
    """
    earlier = ProcrastinateJob.objects.filter(task_name=task.name)
    if earlier.filter(status__in=("todo", "doing")).exists():
        return
    starts = range(0, len(waiting), number)
    jobs: list[dict[str, JSONValue]] = [
        {"organization_ids": [*waiting[start : start + number]]} for start in starts
    ]
    if jobs:
        task.batch_defer(*jobs)


def do_each(ids: Sequence[int], do: Callable[[int], object], failed: str) -> None:
    """Call `do` with each id. One that fails does not keep the others from being done.

    Raises:
        ExceptionGroup: some failed; `failed` is its text.
    """
    errors: list[Exception] = []
    for pk in ids:
        try:
            do(pk)
        except Exception as error:
            errors.append(error)
    if errors:
        raise ExceptionGroup(failed, errors)
