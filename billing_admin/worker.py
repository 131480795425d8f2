"""The entry point of workers: `python -m billing_admin.worker`."""

import os
import sys

import django


def main() -> int:
    """Load the settings, then run jobs; return the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "billing_admin.settings")
    django.setup()
    from foundation.jobs.worker import run_worker
    from foundation.statement_limits import Work, limit_statements

    limit_statements(Work.JOBS)
    return run_worker()


if __name__ == "__main__":
    sys.exit(main())
