"""Fold texts again in which search finds more letters than before."""

from django.db import migrations

from foundation.search.folded_again import folded_again


class Migration(migrations.Migration):
    dependencies = [("usage", "0027_planned_moves"), ("search", "0004_more_letters")]

    operations = [folded_again("usage_camera", ("name", "title"), index="usage_camera_search")]
