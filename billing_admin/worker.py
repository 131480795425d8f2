"""A worker: `python -m billing_admin.worker` runs jobs, two at once, until it is told to stop."""

import logging
import os
import sys

import django
from procrastinate.exceptions import ConnectorException
from psycopg import OperationalError

# How long a job computes while one that has its answer from PostgreSQL waits to go on. For Python's
# own five milliseconds that would hold on to what it has locked there.
TURN_SECONDS = 0.001


def main() -> int:
    """Run jobs until told to stop, or until the database is gone; return the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "billing_admin.settings")
    django.setup()
    sys.setswitchinterval(TURN_SECONDS)
    from procrastinate.contrib.django import app

    from billing_admin.jobs import Connector

    try:
        with app.replace_connector(Connector().get_worker_connector()):
            app.run_worker()
    except (ConnectorException, OperationalError) as error:
        logger = logging.getLogger("billing_admin.jobs")
        logger.error("The worker has no database: %s", error.__cause__ or error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
