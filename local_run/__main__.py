"""`python -m local_run` runs the copy; `python -m local_run manage COMMAND ...` a command on it."""

import sys

from local_run import management_command, supervisor

_USAGE = """\
python -m local_run                      run the copy on this machine, as `make run` does
python -m local_run manage COMMAND ...   run a management command against it
"""


def main(arguments: list[str]) -> int:
    """Do what the arguments say; return the exit code, 2 where they say nothing known."""
    match arguments:
        case []:
            return supervisor.main()
        case ["manage", *command]:
            return management_command.run(command)
    print(_USAGE, end="", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
