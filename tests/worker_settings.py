"""Settings of test workers: they import the test tasks and recover lost jobs quickly."""

from billing_admin.settings import *  # noqa: F403

PROCRASTINATE_IMPORT_PATHS = ["tests.jobs"]
JOBS_LOST_AFTER_SECONDS = 3
