"""Users in Django admin, for support staff."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.views import send_activation_again
from foundation.lists.admin_lookup import LookupAdmin, link_to_list

# Each has a message of its own on the next page.
MAILS_AT_ONCE = 20


@admin.register(User)
class UserAdmin(LookupAdmin):
    """Find users and resend their activation emails."""

    history_page = "accounts:history"
    list_display = ("email", "name", "role", "activated", "is_active", "last_login")
    list_filter = ("role", "is_active")
    search_fields = ("email", "name")
    search_help_text = _("Search by email address or name.")
    sortable_by = ("email",)
    fields = (
        "email",
        "name",
        "role",
        "activated",
        "is_active",
        "date_joined",
        "last_login",
        "organizations",
    )
    readonly_fields = ("activated", "date_joined", "organizations")
    actions = ("resend_activation",)

    @admin.display(description=_("activated"), boolean=True)
    def activated(self, user: User) -> bool:
        """Return whether a password has been set."""
        return user.is_activated

    @admin.display(description=_("organizations"))
    def organizations(self, user: User) -> SafeString:
        """Link to the organizations that the user owns."""
        return link_to_list(
            "organizations_organization", gettext("View organizations"), owner__id__exact=user.pk
        )

    @admin.action(description=_("Resend activation email"), permissions=("view",))
    def resend_activation(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        """Send the mail to each chosen user, at most `MAILS_AT_ONCE`, and report the result."""
        users = list(chosen[: MAILS_AT_ONCE + 1])
        if len(users) > MAILS_AT_ONCE:
            too_many = ngettext(
                "Select at most %(number)d user at a time.",
                "Select at most %(number)d users at a time.",
                MAILS_AT_ONCE,
            )
            self.message_user(request, too_many % {"number": MAILS_AT_ONCE}, messages.ERROR)
            return
        for user in users:
            send_activation_again(request, user)
