"""Examine a document, in a process of its own that `apart` starts with the file as its input.

A file can be made to take minutes or gigabytes, or to crash the process that reads it. This module
does not load Django, which would count for the time limit.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any

from invoices.checking.problems import Problem
from invoices.checking.profiles import SHEETS, Profile, Syntax, profile_named
from invoices.checking.reading import Read, UnreadableError, read
from invoices.checking.rules import results_of
from invoices.checking.stated import schemes_of, stated_by, value_of
from invoices.documents.french_codes import COUNTRIES, SIREN

CPU_SECONDS = 60
MEMORY = 1 << 30


def examined(content: bytes, chosen: str, rules: Path) -> dict[str, Any]:
    """Return what a file states and which rules it breaks, as values that can be stored as JSON.

    `chosen` is the profile to check, or empty: then it is that which the document names. Without
    a `problem`, the result has a `profile`, a `syntax`, what is `stated`, and the `sheets`.
    """
    try:
        document = read(content)
    except UnreadableError as error:
        return {"problem": error.problem, "detail": error.detail}
    profile = Profile(chosen) if chosen else recognized(document)
    result = {
        "problem": "",
        "detail": "",
        "profile": profile,
        "syntax": document.syntax,
        "attached": document.attached,
        "stated": stated_by(document),
        "sheets": [],
    }
    if (profile, document.syntax) not in SHEETS:
        return result | {"problem": Problem.OTHER_SYNTAX}
    found = results_of(document, profile, rules)
    return result | {
        "sheets": [
            each._asdict() | {"findings": [finding._asdict() for finding in each.findings]}
            for each in found
        ]
    }


def recognized(document: Read) -> Profile:
    """Return the profile that a document follows by its root element and what it states.

    The French rules have no specification identifier of their own. They apply to what a seller
    with a SIREN states with a code of the French list as the business process (BT-23).
    """
    if document.syntax is Syntax.FA:
        return Profile.FA3
    named = profile_named(value_of(document, "BT-24"))
    is_french = (
        named is Profile.EN16931
        and value_of(document, "BT-40") in COUNTRIES
        and SIREN in schemes_of(document, "BT-30")
        and len(value_of(document, "BT-23")) == 2
    )
    return Profile.FRANCE if is_french else named


def main() -> int:
    """Examine the file from standard input; write the result to standard output, as JSON."""
    # saxonche reserves 32 GiB of addresses, so only what is written to can be limited.
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # It writes to no file but its output, which is a pipe.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    rules, chosen = sys.argv[1:3]
    result = examined(sys.stdin.buffer.read(), chosen, Path(rules))
    sys.stdout.write(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
