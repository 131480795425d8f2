"""A worker: a process that runs jobs, two at a time, until it is stopped."""

import logging
import sys

from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from psycopg import OperationalError

from foundation.jobs.setup import Connector

# How long a job may compute while another, whose answer from PostgreSQL has arrived, waits to
# continue. Python's default is 5 ms, during which the waiting job would hold its locks.
TURN_SECONDS = 0.001

logger = logging.getLogger("foundation.jobs")


def run_worker() -> int:
    """Run jobs until stopped or until the database is lost; return the exit code."""
    sys.setswitchinterval(TURN_SECONDS)
    try:
        with app.replace_connector(Connector().get_worker_connector()):
            app.run_worker()
    except (ConnectorException, OperationalError) as error:
        logger.error("The worker cannot reach the database: %s", error.__cause__ or error)
        return 1
    return 0
