"""Output of `make run` to the terminal."""

import os
import sys

from local_run.refusals import RefusedError


def say(line: str) -> None:
    """Print a line immediately; once the output is closed, print nothing more."""
    try:
        print(line, flush=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def is_yes(warning: str, question: str, *, otherwise: str) -> bool:
    """Print a warning and ask on the terminal; tell whether the answer is yes.

    Raises:
        RefusedError: there is no terminal; `otherwise` is what does not ask.
    """
    if not sys.stdin.isatty():
        raise RefusedError(f"There is no terminal to ask on. Use {otherwise}, which does not ask.")
    say(warning)
    try:
        return input(question).strip() == "yes"
    except (EOFError, KeyboardInterrupt):
        say("")
        return False
