"""Ask for the email of a contact that receives reminders, too."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("organizations", "0070_keep_agreed_kinds")]

    operations = [
        # Nothing was sent to these so far, so nobody has asked for their addresses.
        migrations.RunSQL(
            "UPDATE organizations_contact SET receives_reminders = false"
            " WHERE email = '' AND receives_reminders",
            migrations.RunSQL.noop,
        ),
        migrations.RemoveConstraint("contact", "organizations_contact_has_email"),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=Q(
                    ~Q(email=""),
                    Q(receives_invoices=False, receives_reminders=False),
                    _connector="OR",
                ),
                name="organizations_contact_has_email",
                violation_error_message="Enter an email address to send this to.",
            ),
        ),
    ]
