"""Simulate a new list price, and compute the statements of the same organizations.

No arguments. Returns the processor time of both, with PostgreSQL's, in seconds: `simulation`, of
all of its jobs, and `statements`, of what each organization owes for the same month.
"""

import json
import uuid
from decimal import Decimal

import django

django.setup()

from django.db import transaction  # noqa: E402
from statements import processor_seconds  # type: ignore[import-not-found] # noqa: E402

from accounts.models import User  # noqa: E402
from benchmarks.data import AS_OF, MONTH  # noqa: E402
from organizations.billing.details import details_of_all  # noqa: E402
from organizations.models import Organization  # noqa: E402
from reports.simulation import operations  # noqa: E402
from reports.simulation.changes import ListPriceChange  # noqa: E402
from reports.simulation.models import Simulation  # noqa: E402
from tariffs.models import Tariff  # noqa: E402
from usage.statements.price_list import all_tariffs  # noqa: E402
from usage.statements.statement import statements_for  # noqa: E402


def measure() -> dict[str, float]:
    simulate()
    begin = processor_seconds()
    simulate()
    simulated = processor_seconds()
    compute_statements()
    return {"simulation": simulated - begin, "statements": processor_seconds() - simulated}


@transaction.atomic
def simulate() -> None:
    """Simulate a price in jobs of their usual size, and take back what they store."""
    tariff = Tariff.objects.get(name="Basic")
    simulation = operations.ask(
        simulation_id=uuid.uuid4(),
        change=ListPriceChange(tariff.pk, Decimal("9.90")),
        period=MONTH,
        now=AS_OF,
        by=User.objects.earliest("pk"),
        tariff=tariff,
    )
    while simulation.state == Simulation.State.WAITING:
        operations.compute(simulation_id=str(simulation.pk))
        simulation.refresh_from_db()
    transaction.set_rollback(True)


def compute_statements() -> None:
    tariffs = all_tariffs()
    every = list(Organization.objects.order_by("pk").prefetch_related("earlier_time_zones"))
    for first in range(0, len(every), operations.ORGANIZATIONS_A_JOB):
        some = every[first : first + operations.ORGANIZATIONS_A_JOB]
        for statement in statements_for(
            organizations=some,
            period=MONTH,
            as_of=AS_OF,
            details=details_of_all(some),
            tariffs=tariffs,
        ):
            statement.bills()


if __name__ == "__main__":
    print(json.dumps(measure()))
