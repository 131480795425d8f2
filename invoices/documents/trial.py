"""Whether documents can bear a picture: tried in a process of its own.

A picture can be made so that it takes minutes, or gigabytes, or ends whatever prints it.
"""

import os
import resource
import subprocess
import sys
from time import process_time

import django
from django.conf import settings

_CPU_SECONDS = 1
_MEMORY = 1 << 30
_PATIENCE_SECONDS = 30


def prints_well(picture: bytes) -> bool:
    """Tell whether a picture prints, within a second of work and a gigabyte of memory."""
    program = [sys.executable, "-m", __name__]
    try:
        tried = subprocess.run(
            program,
            input=picture,
            cwd=settings.BASE_DIR,
            timeout=_PATIENCE_SECONDS,
            capture_output=True,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return tried.returncode == 0


def main() -> int:
    """Print the picture of the standard input; return 0 if that can be done."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "billing_admin.settings")
    django.setup()
    from invoices.documents.pdf import is_printable_picture

    # What has been used so far was for Python and Django.
    seconds = int(process_time()) + 1 + _CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return 0 if is_printable_picture(sys.stdin.buffer.read()) else 1


if __name__ == "__main__":
    sys.exit(main())
