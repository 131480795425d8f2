"""A worker: a process that runs jobs, two at once, until it is told to stop."""

import logging
import sys

from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from psycopg import OperationalError

from foundation.jobs.setup import Connector

# How long a job computes while one that has its answer from PostgreSQL waits to go on. With
# Python's own five milliseconds it would hold its locks there for that long.
TURN_SECONDS = 0.001

logger = logging.getLogger("foundation.jobs")


def run_worker() -> int:
    """Run jobs until told to stop, or until the database is gone; return the exit code."""
    sys.setswitchinterval(TURN_SECONDS)
    try:
        with app.replace_connector(Connector().get_worker_connector()):
            app.run_worker()
    except (ConnectorException, OperationalError) as error:
        logger.error("The worker has no database: %s", error.__cause__ or error)
        return 1
    return 0
