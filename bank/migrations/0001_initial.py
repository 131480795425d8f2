"""Create the tables of bank accounts, files, their lines, and what became of them."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models
from django.db.models import Q
from pghistory.utils import JSONField

from foundation.audit.sql_files import create_functions
from foundation.search.index import FoldedText, Trigrams

PROTECT = django.db.models.deletion.PROTECT
ID = (
    "id",
    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
)
# The columns of every table of events; those of the row follow.
EVENT: list[Any] = [
    ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
    ("pgh_label", models.TextField(help_text="The event label.")),
    ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
    ("pgh_context", JSONField(null=True)),
    ("id", models.BigIntegerField()),
]
# How a table of events refers to another row.
COPIED_KEY: dict[str, Any] = {
    "db_constraint": False,
    "db_index": False,
    "on_delete": django.db.models.deletion.DO_NOTHING,
    "related_name": "+",
    "related_query_name": "+",
}
OF_EVENT: dict[str, Any] = {
    "db_constraint": False,
    "on_delete": django.db.models.deletion.DO_NOTHING,
    "related_name": "+",
}


def money(name: str, **options: Any) -> Any:
    """Return the column of an amount."""
    return models.DecimalField(decimal_places=4, max_digits=20, verbose_name=name, **options)


def text(name: str, length: int = 200) -> Any:
    """Return the column of a text that may be empty."""
    return models.CharField(blank=True, max_length=length, verbose_name=name)


def by(name: str) -> Any:
    """Return the column of who did something."""
    return models.ForeignKey(
        db_index=False,
        null=True,
        on_delete=PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
        verbose_name=name,
    )


# The columns that a table and its events share.
ACCOUNT: list[Any] = [
    ("currency", models.CharField(max_length=3, verbose_name="currency")),
    ("title", models.CharField(max_length=100, verbose_name="name")),
    (
        "posts_certain",
        models.BooleanField(
            default=False,
            help_text="A payment is certain if it names open invoices and pays them exactly, or if "
            "its contract number, tax ID or account is known and it pays all that is open.",
            verbose_name="record certain payments automatically",
        ),
    ),
]
LINE: list[Any] = [
    ("booked_on", models.DateField(verbose_name="date")),
    ("valued_on", models.DateField(null=True, verbose_name="value date")),
    ("amount", money("amount")),
    ("name", text("name")),
    ("other_account", text("account")),
    ("tax_id", text("tax ID", 20)),
    ("text", models.TextField(blank=True, verbose_name="text")),
    (
        "references",
        ArrayField(
            base_field=models.CharField(max_length=200),
            blank=True,
            default=list,
            size=None,
            verbose_name="references",
        ),
    ),
    ("end_to_end_id", text("end-to-end ID")),
    ("bank_reference", text("bank reference")),
    ("entry_reference", models.CharField(blank=True, max_length=200)),
    ("mandate", text("mandate")),
    ("instructed", text("ordered amount", 40)),
    ("is_reversal", models.BooleanField(verbose_name="reversal")),
    ("reason", text("reason")),
    ("in_doubt", models.BooleanField(verbose_name="in doubt")),
    (
        "state",
        models.CharField(
            choices=[("open", "Open"), ("posted", "Recorded"), ("ignored", "Ignored")],
            default="open",
            max_length=8,
            verbose_name="state",
        ),
    ),
    ("ignored_because", text("why ignored")),
    ("decided_at", models.DateTimeField(null=True, verbose_name="decided at")),
]


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organizations", "0070_keep_agreed_kinds"),
        ("payments", "0102_paid_by_allocations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BankAccount",
            fields=[
                ID,
                (
                    "number",
                    models.CharField(
                        error_messages={"unique": "This account exists already."},
                        max_length=34,
                        unique=True,
                        verbose_name="account number",
                    ),
                ),
                *ACCOUNT,
            ],
            options={
                "verbose_name": "bank account",
                "verbose_name_plural": "bank accounts",
                "ordering": ("title", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(number__regex="^[^[:space:][:lower:]]+$"),
                        name="bank_bankaccount_number_is_plain",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BankAccountEvent",
            fields=[
                *EVENT,
                (
                    "number",
                    models.CharField(
                        error_messages={"unique": "This account exists already."},
                        max_length=34,
                        verbose_name="account number",
                    ),
                ),
                *ACCOUNT,
                ("pgh_obj", models.ForeignKey(to="bank.bankaccount", **OF_EVENT)),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="BankFile",
            fields=[
                ID,
                ("name", models.CharField(max_length=200, verbose_name="file")),
                ("format", models.CharField(max_length=10, verbose_name="format")),
                ("content", models.BinaryField()),
                ("uploaded_at", models.DateTimeField(verbose_name="uploaded at")),
                ("uploaded_by", by("uploaded by")),
            ],
            options={
                "verbose_name": "bank file",
                "verbose_name_plural": "bank files",
                "ordering": ("-pk",),
            },
        ),
        migrations.CreateModel(
            name="BankStatement",
            fields=[
                ID,
                ("number", text("number")),
                ("first_on", models.DateField(null=True, verbose_name="first day")),
                ("last_on", models.DateField(null=True, verbose_name="last day")),
                ("opening", money("opening balance", null=True)),
                ("closing", money("closing balance", null=True)),
                ("new", models.PositiveIntegerField(verbose_name="new lines")),
                ("known", models.PositiveIntegerField(verbose_name="known lines")),
                ("not_booked", models.PositiveIntegerField(verbose_name="not booked yet")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=PROTECT, related_name="statements", to="bank.bankaccount"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=PROTECT, related_name="statements", to="bank.bankfile"
                    ),
                ),
            ],
            options={
                "verbose_name": "bank statement",
                "verbose_name_plural": "bank statements",
                "ordering": ("-pk",),
            },
        ),
        migrations.CreateModel(
            name="BankLine",
            fields=[
                ID,
                *LINE,
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=PROTECT,
                        related_name="lines",
                        to="bank.bankaccount",
                    ),
                ),
                ("decided_by", by("decided by")),
                (
                    "takes_back",
                    models.OneToOneField(
                        null=True,
                        on_delete=PROTECT,
                        related_name="taken_back_by",
                        to="payments.payment",
                        verbose_name="takes back",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=PROTECT, related_name="lines", to="bank.bankstatement"
                    ),
                ),
            ],
            options={
                "verbose_name": "line of a bank statement",
                "verbose_name_plural": "lines of bank statements",
                "ordering": ("-booked_on", "-pk"),
                # Here rather than in operations of their own, for each of which Django would
                # prepare all models again.
                "indexes": [
                    GinIndex(Trigrams(FoldedText("name", "text")), name="bank_bankline_search"),
                    models.Index(
                        fields=["account", "booked_on", "amount"], name="bank_bankline_known"
                    ),
                    models.Index(fields=["-booked_on", "-id"], name="bank_bankline_newest"),
                    models.Index(
                        condition=Q(("state", "open")),
                        fields=["-booked_on", "-id"],
                        name="bank_bankline_open",
                    ),
                    models.Index(
                        condition=Q(("state", "posted")),
                        fields=["other_account"],
                        name="bank_bankline_by_payer",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(("state__in", ["open", "posted", "ignored"])),
                        name="bank_bankline_state_known",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ("state", "ignored"), ("ignored_because", ""), _connector="XOR"
                        ),
                        name="bank_bankline_ignored_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BankLineEvent",
            fields=[
                *EVENT,
                *LINE,
                ("account", models.ForeignKey(to="bank.bankaccount", **COPIED_KEY)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                        **COPIED_KEY,
                    ),
                ),
                ("pgh_obj", models.ForeignKey(to="bank.bankline", **OF_EVENT)),
                (
                    "takes_back",
                    models.ForeignKey(
                        null=True, to="payments.payment", verbose_name="takes back", **COPIED_KEY
                    ),
                ),
                ("statement", models.ForeignKey(to="bank.bankstatement", **COPIED_KEY)),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="BankPosting",
            fields=[
                ID,
                ("amount", money("amount")),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=PROTECT, related_name="postings", to="bank.bankline"
                    ),
                ),
                (
                    "payment",
                    models.OneToOneField(
                        on_delete=PROTECT, related_name="bank_posting", to="payments.payment"
                    ),
                ),
            ],
            options={
                "verbose_name": "record of a bank line",
                "verbose_name_plural": "records of bank lines",
            },
        ),
        migrations.CreateModel(
            name="BankProposal",
            fields=[
                ID,
                (
                    "invoices",
                    ArrayField(
                        base_field=models.BigIntegerField(), size=None, verbose_name="invoices"
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("number", "It names the invoice number."),
                            ("contract", "It names the contract number."),
                            ("tax_id", "It names the tax ID."),
                            ("payer", "It comes from an account that has paid before."),
                        ],
                        max_length=8,
                        verbose_name="reason",
                    ),
                ),
                ("is_certain", models.BooleanField(verbose_name="certain")),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposals",
                        to="bank.bankline",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=PROTECT, related_name="+", to="organizations.organization"
                    ),
                ),
            ],
            options={
                "verbose_name": "proposal for a bank line",
                "verbose_name_plural": "proposals for bank lines",
                "ordering": ("-is_certain", "pk"),
                "constraints": [
                    models.UniqueConstraint("line", "organization", name="bank_bankproposal_once")
                ],
            },
        ),
        create_functions(__file__, "0001_triggers.sql"),
    ]
