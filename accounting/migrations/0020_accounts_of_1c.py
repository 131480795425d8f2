"""Let accounts have the dots and letters of 1C. No SQL: columns stay as they are."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounting", "0010_debtor_numbers"),
    ]

    operations = [
        migrations.AlterField(
            model_name="accountingsettings",
            name="bank",
            field=models.CharField(
                blank=True,
                max_length=9,
                validators=[
                    django.core.validators.RegexValidator(
                        "^(?=.*[0-9])[^\\W_]+(\\.[^\\W_]+)*$",
                        "Enter a number such as 1200, or 62.01 for 1C.",
                    )
                ],
                verbose_name="bank transfers",
            ),
        ),
        migrations.AlterField(
            model_name="accountingsettings",
            name="bank_fees",
            field=models.CharField(
                blank=True,
                max_length=9,
                validators=[
                    django.core.validators.RegexValidator(
                        "^(?=.*[0-9])[^\\W_]+(\\.[^\\W_]+)*$",
                        "Enter a number such as 1200, or 62.01 for 1C.",
                    )
                ],
                verbose_name="bank fees",
            ),
        ),
        migrations.AlterField(
            model_name="accountingsettings",
            name="card",
            field=models.CharField(
                blank=True,
                max_length=9,
                validators=[
                    django.core.validators.RegexValidator(
                        "^(?=.*[0-9])[^\\W_]+(\\.[^\\W_]+)*$",
                        "Enter a number such as 1200, or 62.01 for 1C.",
                    )
                ],
                verbose_name="cards",
            ),
        ),
        migrations.AlterField(
            model_name="accountingsettings",
            name="cash",
            field=models.CharField(
                blank=True,
                max_length=9,
                validators=[
                    django.core.validators.RegexValidator(
                        "^(?=.*[0-9])[^\\W_]+(\\.[^\\W_]+)*$",
                        "Enter a number such as 1200, or 62.01 for 1C.",
                    )
                ],
                verbose_name="cash",
            ),
        ),
        migrations.AlterField(
            model_name="accountingsettings",
            name="clearing",
            field=models.CharField(
                blank=True,
                help_text="A clearing account: both sides of a transfer are booked to it, so it comes to 0.",
                max_length=9,
                validators=[
                    django.core.validators.RegexValidator(
                        "^(?=.*[0-9])[^\\W_]+(\\.[^\\W_]+)*$",
                        "Enter a number such as 1200, or 62.01 for 1C.",
                    )
                ],
                verbose_name="transfers between organizations",
            ),
        ),
        migrations.AlterField(
            model_name="accountingsettings",
            name="direct_debit",
            field=models.CharField(
                blank=True,
                max_length=9,
                validators=[
                    django.core.validators.RegexValidator(
                        "^(?=.*[0-9])[^\\W_]+(\\.[^\\W_]+)*$",
                        "Enter a number such as 1200, or 62.01 for 1C.",
                    )
                ],
                verbose_name="direct debits",
            ),
        ),
        migrations.AlterField(
            model_name="accountingsettings",
            name="other",
            field=models.CharField(
                blank=True,
                max_length=9,
                validators=[
                    django.core.validators.RegexValidator(
                        "^(?=.*[0-9])[^\\W_]+(\\.[^\\W_]+)*$",
                        "Enter a number such as 1200, or 62.01 for 1C.",
                    )
                ],
                verbose_name="other payments",
            ),
        ),
        migrations.AlterField(
            model_name="accountingsettings",
            name="write_offs",
            field=models.CharField(
                blank=True,
                max_length=9,
                validators=[
                    django.core.validators.RegexValidator(
                        "^(?=.*[0-9])[^\\W_]+(\\.[^\\W_]+)*$",
                        "Enter a number such as 1200, or 62.01 for 1C.",
                    )
                ],
                verbose_name="write-offs",
            ),
        ),
        migrations.AlterField(
            model_name="accountingsettingsevent",
            name="bank",
            field=models.CharField(
                blank=True,
                max_length=9,
                validators=[
                    django.core.validators.RegexValidator(
                        "^(?=.*[0-9])[^\\W_]+(\\.[^\\W_]+)*$",
                        "Enter a number such as 1200, or 62.01 for 1C.",
                    )
                ],
                verbose_name="bank transfers",
            ),
        ),
        migrations.AlterField(
            model_name="accountingsettingsevent",
            name="bank_fees",
            field=models.CharField(
                blank=True,
                max_length=9,
                validators=[
                    django.core.validators.RegexValidator(
                        "^(?=.*[0-9])[^\\W_]+(\\.[^\\W_]+)*$",
                        "Enter a number such as 1200, or 62.01 for 1C.",
                    )
                ],
                verbose_name="bank fees",
            ),
        ),
        migrations.AlterField(
            model_name="accountingsettingsevent",
            name="card",
            field=models.CharField(
                blank=True,
                max_length=9,
                validators=[
                    django.core.validators.RegexValidator(
                        "^(?=.*[0-9])[^\\W_]+(\\.[^\\W_]+)*$",
                        "Enter a number such as 1200, or 62.01 for 1C.",
                    )
                ],
                verbose_name="cards",
            ),
        ),
        migrations.AlterField(
            model_name="accountingsettingsevent",
            name="cash",
            field=models.CharField(
                blank=True,
                max_length=9,
                validators=[
                    django.core.validators.RegexValidator(
                        "^(?=.*[0-9])[^\\W_]+(\\.[^\\W_]+)*$",
                        "Enter a number such as 1200, or 62.01 for 1C.",
                    )
                ],
                verbose_name="cash",
            ),
        ),
        migrations.AlterField(
            model_name="accountingsettingsevent",
            name="clearing",
            field=models.CharField(
                blank=True,
                help_text="A clearing account: both sides of a transfer are booked to it, so it comes to 0.",
                max_length=9,
                validators=[
                    django.core.validators.RegexValidator(
                        "^(?=.*[0-9])[^\\W_]+(\\.[^\\W_]+)*$",
                        "Enter a number such as 1200, or 62.01 for 1C.",
                    )
                ],
                verbose_name="transfers between organizations",
            ),
        ),
        migrations.AlterField(
            model_name="accountingsettingsevent",
            name="direct_debit",
            field=models.CharField(
                blank=True,
                max_length=9,
                validators=[
                    django.core.validators.RegexValidator(
                        "^(?=.*[0-9])[^\\W_]+(\\.[^\\W_]+)*$",
                        "Enter a number such as 1200, or 62.01 for 1C.",
                    )
                ],
                verbose_name="direct debits",
            ),
        ),
        migrations.AlterField(
            model_name="accountingsettingsevent",
            name="other",
            field=models.CharField(
                blank=True,
                max_length=9,
                validators=[
                    django.core.validators.RegexValidator(
                        "^(?=.*[0-9])[^\\W_]+(\\.[^\\W_]+)*$",
                        "Enter a number such as 1200, or 62.01 for 1C.",
                    )
                ],
                verbose_name="other payments",
            ),
        ),
        migrations.AlterField(
            model_name="accountingsettingsevent",
            name="write_offs",
            field=models.CharField(
                blank=True,
                max_length=9,
                validators=[
                    django.core.validators.RegexValidator(
                        "^(?=.*[0-9])[^\\W_]+(\\.[^\\W_]+)*$",
                        "Enter a number such as 1200, or 62.01 for 1C.",
                    )
                ],
                verbose_name="write-offs",
            ),
        ),
        migrations.AlterField(
            model_name="revenueaccount",
            name="account",
            field=models.CharField(
                max_length=9,
                validators=[
                    django.core.validators.RegexValidator(
                        "^(?=.*[0-9])[^\\W_]+(\\.[^\\W_]+)*$",
                        "Enter a number such as 1200, or 62.01 for 1C.",
                    )
                ],
                verbose_name="account",
            ),
        ),
        migrations.AlterField(
            model_name="revenueaccountevent",
            name="account",
            field=models.CharField(
                max_length=9,
                validators=[
                    django.core.validators.RegexValidator(
                        "^(?=.*[0-9])[^\\W_]+(\\.[^\\W_]+)*$",
                        "Enter a number such as 1200, or 62.01 for 1C.",
                    )
                ],
                verbose_name="account",
            ),
        ),
    ]
