"""Run the product on several hosts of this machine, kill each host once, and print what failed.

The hosts are network namespaces. Everything lives in namespaces and a folder of its own, which end
with this command; nothing else on the machine is touched.
"""

from __future__ import annotations

import argparse
import json
import sys

from tests.cluster.debian import PackagesMissingError, find_programs
from tests.cluster.drills import FAULTS
from tests.cluster.inside import PARTS, Work
from tests.cluster.isolation import (
    IsolationRefused,
    interrupt_on_signals,
    require_isolation,
    run_isolated,
    temporary_folder,
)


def main() -> int:
    """Check the machine, then run the parts in isolation; return the exit code."""
    parser = argparse.ArgumentParser(prog="make cluster ARGS=", description=__doc__)
    parser.add_argument("--organizations", type=int, default=400, metavar="N")
    parser.add_argument("--cameras", type=int, default=4_000, metavar="M")
    parser.add_argument("--only", choices=PARTS, help="do one part; without it, do all")
    parser.add_argument(
        "--fault",
        action="append",
        choices=FAULTS,
        help="let only this host fail; can be given several times",
    )
    arguments = parser.parse_args()
    interrupt_on_signals()
    try:
        require_isolation()
        with temporary_folder() as folder:
            programs = find_programs(folder / "programs")
            parts = [arguments.only] if arguments.only else PARTS
            work = Work(
                organizations=str(arguments.organizations),
                cameras=str(arguments.cameras),
                parts=parts,
                faults=arguments.fault or FAULTS,
            )
            inside = [sys.executable, "-m", "tests.cluster.inside"]
            return run_isolated([*inside, str(folder), programs.to_json(), json.dumps(work)])
    except (IsolationRefused, PackagesMissingError) as error:
        print(error, file=sys.stderr)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
