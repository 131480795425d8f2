"""Output of `make run` to the terminal."""

import os
import sys


def say(line: str) -> None:
    """Print a line immediately; once the output is closed, print nothing more."""
    try:
        print(line, flush=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
