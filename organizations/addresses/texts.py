"""The texts of mails about new billing addresses."""

from django.utils.translation import gettext_lazy as _

from accounts.mail_texts.kinds import MailKind

_EXAMPLES = {
    "organization": _("Example Customer Ltd"),
    "provider": _("Example Provider Ltd"),
}

APPROVED = MailKind(
    key="address_approved",
    label=_("New billing address approved"),
    subject=_("The new billing address of {organization} is approved"),
    introduction=_("Invoices state the new address from the next one on."),
    examples=_EXAMPLES,
)
REFUSED = MailKind(
    key="address_refused",
    label=_("New billing address refused"),
    subject=_("The new billing address of {organization} is refused"),
    introduction=_("Invoices keep the address that they have. The reason:"),
    examples=_EXAMPLES,
)
ASKED = MailKind(
    key="address_asked",
    label=_("New billing address to be approved"),
    subject=_("{organization} proposes a new billing address"),
    introduction=_("Approve or refuse it here:"),
    examples=_EXAMPLES,
)
