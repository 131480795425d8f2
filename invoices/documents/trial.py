"""Try in a separate process whether an image can be printed on documents.

A malicious image can take minutes or gigabytes, or crash the process that prints it. That process
does not load Django: this takes seconds of a busy machine, which would count for the time limit.
"""

import resource
import subprocess
import sys
from pathlib import Path
from time import process_time

_ROOT = Path(__file__).resolve().parent.parent.parent
_CPU_SECONDS = 1
_MEMORY = 1 << 30
_TIMEOUT_SECONDS = 30


def prints_well(picture: bytes) -> bool:
    """Return whether an image can be printed within a second of CPU time and 1 GiB of memory."""
    program = [sys.executable, "-m", __name__]
    try:
        tried = subprocess.run(
            program,
            input=picture,
            cwd=_ROOT,
            timeout=_TIMEOUT_SECONDS,
            capture_output=True,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return tried.returncode == 0


def main() -> int:
    """Print the image from standard input; return 0 on success, else 1."""
    from invoices.documents.printing import is_printable_picture

    # Do not count the CPU time that starting Python took.
    seconds = int(process_time()) + 1 + _CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return 0 if is_printable_picture(sys.stdin.buffer.read()) else 1


if __name__ == "__main__":
    sys.exit(main())
