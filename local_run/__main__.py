"""`python -m local_run` and what may follow it."""

import sys

from local_run import management_command, reset, supervisor

_USAGE = """\
python -m local_run                      run the copy on this machine, as `make run` does
python -m local_run manage COMMAND ...   run a management command against it
python -m local_run reset [--yes]        remove its data, after asking, as `make reset` does
"""


def main(arguments: list[str]) -> int:
    """Do what the arguments say; return the exit code, 2 where they say nothing known."""
    match arguments:
        case []:
            return supervisor.main()
        case ["manage", *command]:
            return management_command.run(command)
        case ["reset"]:
            return reset.main(confirmed=False)
        case ["reset", "--yes"]:
            return reset.main(confirmed=True)
    print(_USAGE, end="", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
