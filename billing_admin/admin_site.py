"""Django admin for support staff, who can view everything but change nothing."""

from typing import Any

from allauth.account.views import logout as account_logout
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from foundation.web.return_addresses import way_back


class SupportAdminSite(AdminSite):
    """The admin site. Sign-in, sign-out and passwords use the product's own pages."""

    site_header = _("Billing support")
    site_title = _("Billing support")
    index_title = _("Lookup")
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        """Return whether the person is signed in; the site redirects others to the sign-in page.

        Raises:
            PermissionDenied: the person is signed in but is not support staff.
        """
        if request.user.is_authenticated and not request.user.is_staff:
            raise PermissionDenied
        return request.user.is_authenticated

    @method_decorator((never_cache, login_not_required))
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Redirect to the sign-in page; refuse signed-in people who are not support staff."""
        self.has_permission(request)
        return redirect_to_login(way_back(request, reverse("admin:index")))

    @method_decorator(require_POST)
    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: Any = None
    ) -> HttpResponse:
        """Sign out by the product's own page."""
        response: HttpResponse = account_logout(request)
        return response

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: Any = None
    ) -> HttpResponse:
        """Redirect to the product's page for changing a password."""
        return redirect("account_change_password")
