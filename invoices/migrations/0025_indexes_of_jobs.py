"""Index waiting and running jobs by what is looked for while a million of them wait.

- by lock: a job with a lock is fetched only if no other job has the lock;
- by task: a run and the search for differences look for jobs of theirs.

procrastinate's table of jobs cannot be written while its indexes are created. It contains only what
waits, so this takes a moment.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("invoices", "0022_open_items_by_statement"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]

    operations = [
        migrations.RunSQL(
            """
            CREATE INDEX jobs_by_lock ON procrastinate_jobs (lock)
            WHERE lock IS NOT NULL AND status IN ('todo', 'doing');
            CREATE INDEX jobs_by_task ON procrastinate_jobs (task_name)
            WHERE status IN ('todo', 'doing');
            """,
            "DROP INDEX jobs_by_lock; DROP INDEX jobs_by_task;",
        ),
    ]
