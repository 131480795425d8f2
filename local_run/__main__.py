"""The command line of `python -m local_run`."""

import sys

from local_run import backup, management_command, reset, restore, supervisor

_USAGE = """\
python -m local_run                      run the product on this machine, like `make run`
python -m local_run manage COMMAND ...   run a management command with its database
python -m local_run reset [--yes]        delete its data, after asking, like `make reset`
python -m local_run backup [FILE]        write its database to a file, like `make backup`
python -m local_run restore FILE [--yes] replace its data, after asking, like `make restore`
"""


def main(arguments: list[str]) -> int:
    """Run what the arguments ask for; return the exit code, 2 if they are not known."""
    match arguments:
        case []:
            return supervisor.main()
        case ["manage", *command]:
            return management_command.run(command)
        case ["reset"]:
            return reset.main(confirmed=False)
        case ["reset", "--yes"]:
            return reset.main(confirmed=True)
        case ["backup"]:
            return backup.main(None)
        case ["backup", name]:
            return backup.main(name)
        case ["restore", name]:
            return restore.main(name, confirmed=False)
        case ["restore", name, "--yes"]:
            return restore.main(name, confirmed=True)
    print(_USAGE, end="", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
