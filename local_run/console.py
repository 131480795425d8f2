"""What `make run` tells the person at the terminal."""

import os
import sys


def say(line: str) -> None:
    """Print a line at once; where nobody reads any more, be silent from then on."""
    try:
        print(line, flush=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
