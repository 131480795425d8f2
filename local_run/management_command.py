"""A management command against the copy: `python -m local_run manage COMMAND ...`."""

import os
import sys

from local_run import environment
from local_run.postgres_place import EmbeddedServerError


def run(arguments: list[str]) -> int:
    """Run a management command with the copy's environment; return the exit code.

    The embedded PostgreSQL is started where it does not run, and stopped at the end where nobody
    else uses it.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "billing_admin.settings")
    os.environ["LOCAL"] = "1"
    try:
        environment.fill_environment(environment.var_dir())
    except EmbeddedServerError as error:
        print(error, file=sys.stderr)
        return 1
    # It reads the environment when it is imported.
    from django.core.management import execute_from_command_line

    execute_from_command_line(["python -m local_run manage", *arguments])
    return 0
