"""Index the ends of trials, which Home counts."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0025_folded_search_text"),
        ("tariffs", "0002_tallies"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="organization",
            index=models.Index(
                condition=models.Q(("trial_last_on__isnull", False)),
                fields=["trial_last_on"],
                name="organizations_trial_ends",
            ),
        ),
    ]
