"""Jobs of reports. The rules for all jobs are in foundation/jobs/setup.py."""

from __future__ import annotations

from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from foundation.jobs.batches import defer_in_batches, do_each
from foundation.jobs.setup import QUICKLY, UPKEEP, is_tried_again
from reports.figures import cameras, revenue
from reports.simulation import operations as simulations
from usage.statements.price_list import all_tariffs

# Few enough that workers share them, and that a job lost with its worker is soon done again.
ORGANIZATIONS_A_JOB = 50


@app.periodic(cron="23 1 * * *")
@app.task(name="reports.mark_current", queue=UPKEEP, queueing_lock="mark_current")
def mark_current(timestamp: int) -> None:
    """Record that the present month is to be calculated, whose amounts grow by the day."""
    revenue.mark_current(timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="reports.look_for_changes", queue=UPKEEP, queueing_lock="look_for_changes")
def look_for_changes(timestamp: int) -> None:
    """Defer the calculation of what has changed."""
    defer_in_batches(calculate, revenue.waiting_organizations(), number=ORGANIZATIONS_A_JOB)


@app.task(name="reports.calculate", queue="reports", priority=-30, retry=QUICKLY)
def calculate(*, organization_ids: list[int]) -> None:
    """Calculate the monthly revenue of organizations."""
    now, tariffs = timezone.now(), all_tariffs()
    do_each(
        organization_ids,
        lambda pk: revenue.calculate(organization_id=pk, now=now, tariffs=tariffs),
        "The revenue of some organizations could not be calculated",
    )


@app.periodic(cron="*/5 * * * *")
@app.task(name="reports.add_up", queue=UPKEEP, lock="add_up", queueing_lock="add_up")
def add_up(timestamp: int) -> None:
    """Add up the months whose revenue has changed."""
    revenue.add_up_changed(timezone.now())


@app.periodic(cron="7 * * * *")
@app.task(
    name="reports.count_cameras", queue=UPKEEP, lock="count_cameras", queueing_lock="count_cameras"
)
def count_cameras(timestamp: int) -> None:
    """Count the cameras of the last days."""
    cameras.count_cameras(timezone.now())


# Someone waits for it, so it does not wait for thousands of other jobs.
@app.task(name="reports.simulate", queue="reports", priority=50, retry=QUICKLY, pass_context=True)
def simulate(context: JobContext, *, simulation_id: str, user_id: int) -> None:
    """Compute the next organizations of a simulation."""
    try:
        simulations.compute(simulation_id=simulation_id)
    except Exception as error:
        if not is_tried_again(context, error):
            simulations.give_up(simulation_id=simulation_id)
        raise


@app.periodic(cron="41 2 * * *")
@app.task(name="reports.delete_simulations", queue=UPKEEP, queueing_lock="delete_simulations")
def delete_simulations(timestamp: int) -> None:
    """Delete the simulations that were requested over a week ago."""
    simulations.delete_old(timezone.now())
