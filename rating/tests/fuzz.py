"""Compare the pricing engine with the reference implementation on many cases: `make fuzz`.

The cases are those of the tests, in batches on all cores: each is compared by list prices, then
with terms of every kind, for its period and month by month. If the two differ in a case, it is
reduced as far as possible and printed.
"""

import argparse
import gc
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random, SystemRandom
from traceback import format_exception
from typing import Any

from tqdm import tqdm

from rating.tests.agreed_reference import AgreedCase
from rating.tests.agreed_strategies import random_agreed_case
from rating.tests.test_agreement_reference import compare_with_terms
from rating.tests.test_pricing_reference import compare

CASES_A_BATCH = 500
TERMS = (
    "suspensions",
    "own_prices",
    "discounts",
    "exemptions",
    "fees",
    "charges",
    "minimums",
    "cuts",
    "cameras",
)


def failure(asked: AgreedCase) -> Exception | None:
    """Compare a case; return what went wrong, or None."""
    try:
        compare(asked.case)
        compare_with_terms(asked)
    except Exception as error:
        return error
    return None


def difference(batch: int) -> str:
    """Compare a batch of cases, identified by its seed; return the first difference, or ""."""
    for number in range(CASES_A_BATCH):
        asked = random_agreed_case(Random(f"{batch} {number}"))
        if failure(asked):
            asked = reduced(asked, lambda smaller: failure(smaller) is not None)
            return "".join([f"{asked}\n\n", *format_exception(failure(asked))])
    return ""


def reduced(asked: AgreedCase, differs: Callable[[AgreedCase], bool]) -> AgreedCase:
    """Leave out parts of a case as long as the two still differ."""
    while (found := next(filter(differs, _smaller(asked)), None)) is not None:
        asked = found
    return asked


def _smaller(asked: AgreedCase) -> Iterator[AgreedCase]:
    """Yield a case without each of its parts."""
    case = asked.case
    for name in TERMS:
        parts = getattr(asked, name)
        for index in range(len(parts)):
            fewer: dict[str, Any] = {name: (*parts[:index], *parts[index + 1 :])}
            yield replace(asked, **fewer)
    for number, usages in enumerate(asked.cameras):
        for index in range(len(usages)):
            used = (*usages[:index], *usages[index + 1 :])
            cameras = (*asked.cameras[:number], used, *asked.cameras[number + 1 :])
            yield replace(asked, cameras=cameras)
    if asked.closed_on is not None:
        yield replace(asked, closed_on=None)
    for smaller in (
        replace(case, trial=None),
        replace(case, zones=case.zones[:1]),
        replace(case, usages=case.usages[:-1]),
    ):
        if smaller != case:
            yield replace(asked, case=smaller)


def run(number: int, first_seed: int, processes: int) -> Iterator[str]:
    """Compare `number` cases, rounded up to whole batches; yield the difference of each batch."""
    batches = range(first_seed, first_seed + -(-number // CASES_A_BATCH))
    with (
        # Looking for cycles takes a tenth of the time.
        multiprocessing.Pool(processes, gc.disable) as pool,
        tqdm(total=len(batches) * CASES_A_BATCH, unit=" cases", unit_scale=True) as progress,
    ):
        for found in pool.imap_unordered(difference, batches):
            progress.update(CASES_A_BATCH)
            if found:
                yield found


def main() -> int:
    """Compare until the first difference; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(10**9))
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    options = parser.parse_args()
    print(f"{options.cases:,} cases; to repeat them: ARGS='--seed {options.seed}'", flush=True)
    for found in run(options.cases, options.seed, options.processes):
        print(f"\nThe engine and the reference differ:\n\n{found}")
        return 1
    print("The engine and the reference agree.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
