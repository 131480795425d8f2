"""Compare the pricing engine with the reference implementation on many cases: `make fuzz`.

This uses the strategies and comparisons of the tests, in batches on all cores, each with its own
seed; half of the cases have terms. If the two differ in a case, the case is reduced as far as
possible and printed.
"""

import argparse
import multiprocessing
import sys
from collections.abc import Iterator
from random import SystemRandom
from traceback import format_exception

from hypothesis import given, seed, settings
from tqdm import tqdm

from rating.tests.agreed_strategies import agreed_cases
from rating.tests.strategies import cases
from rating.tests.test_agreement_reference import compare_with_terms
from rating.tests.test_pricing_reference import compare, patient

CASES_A_BATCH = 500


def difference(batch: int) -> str:
    """Compare a batch of cases, identified by its seed; return the difference, or ""."""
    batch_settings = settings(
        patient, max_examples=CASES_A_BATCH // 2, database=None, print_blob=False
    )
    try:
        seed(batch)(batch_settings(given(cases())(compare)))()
        seed(batch)(batch_settings(given(agreed_cases())(compare_with_terms)))()
    except BaseException as error:
        return "".join(format_exception(error))
    return ""


def run(number: int, first_seed: int) -> Iterator[str]:
    """Compare `number` cases, rounded up to whole batches; yield the difference of each batch."""
    batches = range(first_seed, first_seed + -(-number // CASES_A_BATCH))
    with (
        multiprocessing.Pool() as pool,
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
    options = parser.parse_args()
    print(f"{options.cases:,} cases; to repeat them: ARGS='--seed {options.seed}'", flush=True)
    for found in run(options.cases, options.seed):
        print(f"\nThe engine and the reference differ:\n\n{found}")
        return 1
    print("The engine and the reference agree.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
