"""The text of the mail that an invoice is attached to."""

from django.utils.translation import gettext_lazy as _

from accounts.mail_texts.kinds import MailKind

INVOICE = MailKind(
    key="invoice",
    label=_("Invoice"),
    subject=_("Invoice {number} from {provider}"),
    introduction=_(
        "Invoice {number} for {total} is attached. It covers video surveillance from {first} to "
        "{last} and is due on {due}."
    ),
    examples={
        "name": _("Example Customer Ltd"),
        "number": "INV-2026-000001",
        "total": _("€119.00"),
        "first": _("1 Oct 2026"),
        "last": _("31 Oct 2026"),
        "due": _("15 Nov 2026"),
        "provider": _("Example Provider Ltd"),
    },
)
