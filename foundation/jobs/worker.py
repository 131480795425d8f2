"""A worker: a process that runs jobs, two at a time, until it is stopped."""

import gc
import logging
import sys

from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from psycopg import OperationalError

from foundation.jobs.setup import Connector

# How long a job may compute while another, whose answer from PostgreSQL has arrived, waits to
# continue. Python's default is 5 ms, during which the waiting job would hold its locks.
TURN_SECONDS = 0.001

# New objects that start a garbage collection. Python's default is 700.
OBJECTS_A_COLLECTION = 20_000

logger = logging.getLogger("foundation.jobs")


def run_worker() -> int:
    """Run jobs until stopped or until the database is lost; return the exit code."""
    sys.setswitchinterval(TURN_SECONDS)
    # What is loaded now stays, so the collector need not look at it again and again. A job that
    # creates many objects at once, as a batch of invoices, would start it every millisecond.
    gc.freeze()
    gc.set_threshold(OBJECTS_A_COLLECTION)
    try:
        with app.replace_connector(Connector().get_worker_connector()):
            app.run_worker()
    except (ConnectorException, OperationalError) as error:
        logger.error("The worker cannot reach the database: %s", error.__cause__ or error)
        return 1
    return 0
