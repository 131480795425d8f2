"""Management commands with the copy's database: `python -m local_run manage COMMAND ...`."""

import sys

from local_run import environment
from local_run.postgres_place import EmbeddedServerError
from local_run.refusals import RefusedError


def run(arguments: list[str]) -> int:
    """Run a management command in the copy's environment; return the exit code.

    Start the embedded PostgreSQL if it is not running; stop it at the end if no other process uses
    it.
    """
    try:
        environment.fill_environment(environment.var_dir(), environment.chosen_port())
    except (RefusedError, EmbeddedServerError) as error:
        print(error, file=sys.stderr)
        return 1
    # The settings read the environment, so import them only now.
    from django.core.management import execute_from_command_line

    execute_from_command_line(["python -m local_run manage", *arguments])
    return 0
