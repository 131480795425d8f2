"""The engine against the second reading of its rules, as many cases as asked: `make fuzz`.

The same strategy and comparison as in the tests, in batches, each from a seed of its own, on all
cores. A case in which the two differ is made as small as it can be, and printed.
"""

import argparse
import multiprocessing
import sys
from collections.abc import Iterator
from random import SystemRandom
from traceback import format_exception

from hypothesis import given, seed, settings
from tqdm import tqdm

from rating.tests import test_pricing_reference
from rating.tests.strategies import cases

CASES_A_BATCH = 500
agree = test_pricing_reference.test_the_engine_agrees_with_the_second_reading.hypothesis.inner_test  # type: ignore[attr-defined]


def differs(batch: int) -> str:
    """Compare a batch of cases, named by its seed; return what differs, or nothing."""
    asked = settings(
        test_pricing_reference.patient, max_examples=CASES_A_BATCH, database=None, print_blob=False
    )
    try:
        seed(batch)(asked(given(cases())(agree)))()
    except BaseException as error:
        return "".join(format_exception(error))
    return ""


def run(number: int, first_seed: int) -> Iterator[str]:
    """Compare `number` cases, rounded up to whole batches; yield what differs, batch by batch."""
    batches = range(first_seed, first_seed + -(-number // CASES_A_BATCH))
    with (
        multiprocessing.Pool() as pool,
        tqdm(total=len(batches) * CASES_A_BATCH, unit=" cases", unit_scale=True) as progress,
    ):
        for found in pool.imap_unordered(differs, batches):
            progress.update(CASES_A_BATCH)
            if found:
                yield found


def main() -> int:
    """Run; stop at the first difference. Return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(10**9))
    asked = parser.parse_args()
    print(f"{asked.cases:,} cases; again with the same: ARGS='--seed {asked.seed}'", flush=True)
    for found in run(asked.cases, asked.seed):
        print(f"\nThe engine and the second reading differ:\n\n{found}")
        return 1
    print("The engine and the second reading agree.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
