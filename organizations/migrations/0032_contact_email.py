"""Ask for the email of a contact only for what is sent to contacts: invoices."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organizations", "0031_trial_ends")]

    operations = [
        migrations.RemoveConstraint("contact", "organizations_contact_has_email"),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("email", ""), _negated=True),
                    ("receives_invoices", False),
                    _connector="OR",
                ),
                name="organizations_contact_has_email",
                violation_error_message="Enter an email address to send this to.",
            ),
        ),
    ]
