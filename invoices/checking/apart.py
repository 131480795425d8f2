"""Have a document examined in a separate process, with limits on CPU time and memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings

from invoices.checking.problems import Problem

_ROOT = Path(__file__).resolve().parent.parent.parent
# Longer than the limit on CPU time: other processes may have the processor.
_TIMEOUT_SECONDS = 240


def examined_apart(content: bytes, profile: str) -> dict[str, Any]:
    """Return what `invoices.checking.examining.examined` returns for a file.

    If the process is stopped at a limit or crashes, the file has the problem `too_much`.
    """
    program = [
        sys.executable,
        "-m",
        "invoices.checking.examining",
        str(settings.RULES_ROOT),
        profile,
    ]
    try:
        done = subprocess.run(
            program,
            input=content,
            cwd=_ROOT,
            # Nothing of the settings, such as passwords, is of use to it.
            env={},
            timeout=_TIMEOUT_SECONDS,
            capture_output=True,
            check=False,
        )
        result: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return {"problem": Problem.TOO_MUCH, "detail": ""}
    return result
