"""Create the table of uploaded files, kept between the dry run of an import and the import."""

from uuid import uuid4

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="UploadedFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("uploaded_at", models.DateTimeField()),
                ("name", models.CharField(max_length=255)),
                ("content", models.BinaryField()),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "uploaded import file",
                "verbose_name_plural": "uploaded import files",
            },
        ),
    ]
