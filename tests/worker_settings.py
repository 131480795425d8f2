"""Settings of workers in tests: they know the tests' tasks, and take lost jobs back soon."""

from billing_admin.settings import *  # noqa: F403

PROCRASTINATE_IMPORT_PATHS = ["tests.jobs"]
JOBS_LOST_AFTER_SECONDS = 3
