"""Name the tax categories intra-EU supply and export. The tables do not change."""

from django.db import migrations, models

CATEGORY = models.CharField(
    choices=[
        ("S", "Standard rate"),
        ("Z", "Zero rate"),
        ("E", "Exempt from tax"),
        ("AE", "Reverse charge"),
        ("O", "Not subject to tax"),
        ("K", "Intra-EU supply"),
        ("G", "Export"),
    ],
    max_length=2,
    verbose_name="tax",
)


class Migration(migrations.Migration):
    dependencies = [("invoices", "0002_lines_with_dates_and_taxes")]

    operations = [
        migrations.AlterField("invoicetax", "category", CATEGORY),
        migrations.AlterField("invoiceline", "tax_category", CATEGORY.clone()),
    ]
