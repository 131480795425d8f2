"""What people of the demonstration wrote about its organizations: contacts, notes and tags."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from accounts.models import User
from demo.sign_ins import SIGN_INS
from organizations.contacts.operations import add_contact
from organizations.models import Organization
from organizations.notes.operations import write_note
from organizations.tags.operations import set_tags


def write_about_organizations(today: date) -> None:
    """Give the first organizations contacts, notes and tags."""
    operator = User.objects.get(email=SIGN_INS[0][1])
    first, second = Organization.objects.order_by("pk")[:2]
    for name, role, is_accounting in (
        ("Katharina Brückner", "Accounting", True),
        ("Jonas Petersen", "Site security", False),
    ):
        add_contact(
            organization_id=first.pk,
            name=name,
            role=role,
            email=f"{name.split()[0].lower()}@example.com",
            telephone="+49 40 1234567",
            receives_invoices=is_accounting,
            receives_reminders=is_accounting,
        )
    for text, days_ago, is_pinned in (
        ("Call before disconnecting cameras at the main gate.", 90, True),
        (
            "Asked for a quote for ten more cameras in the new hall.\nSent on the same day.",
            3,
            False,
        ),
    ):
        written_at = datetime.combine(today - timedelta(days=days_ago), time(10, 30), UTC)
        write_note(
            organization_id=first.pk, text=text, is_pinned=is_pinned, by=operator, now=written_at
        )
    set_tags(organization_id=first.pk, names=["key account", "Hamburg"])
    set_tags(organization_id=second.pk, names=["new"])
