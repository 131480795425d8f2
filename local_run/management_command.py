"""A management command against the copy: `python -m local_run manage COMMAND ...`."""

import sys

from local_run import environment
from local_run.postgres_place import EmbeddedServerError
from local_run.refusals import RefusedError


def run(arguments: list[str]) -> int:
    """Run a management command in the copy's environment; return the exit code.

    The embedded PostgreSQL is started where it does not run, and stopped at the end where nobody
    else uses it.
    """
    try:
        environment.fill_environment(environment.var_dir(), environment.chosen_port())
    except (RefusedError, EmbeddedServerError) as error:
        print(error, file=sys.stderr)
        return 1
    # The settings read the environment, so they may be imported only now.
    from django.core.management import execute_from_command_line

    execute_from_command_line(["python -m local_run manage", *arguments])
    return 0
