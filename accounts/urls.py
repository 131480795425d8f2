"""URLs for sign-in. allauth's URLs keep the names by which it looks them up."""

from allauth.account import views as allauth_views
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path
from django.views.decorators.http import require_POST

from accounts import time_zones, views
from accounts.notices import views as notice_views
from accounts.people import views as people_views

_own = [
    path("activate/<str:token>/", views.activate, name="activate"),
    path("<int:pk>/history/", views.history, name="history"),
    path("notices/", notice_views.failed, name="failed_notices"),
    path("language/", views.choose_language, name="language"),
    path("time-zone/", time_zones.choose_time_zone, name="time_zone"),
    path("<int:pk>/resend-activation/", views.resend_activation, name="resend_activation"),
]

urlpatterns = [
    path("", include((_own, "accounts"))),
    path("address/<str:token>/", people_views.confirm_address, name="confirm_address"),
    path("login/", allauth_views.login, name="account_login"),
    # Public, because a person already signed out in another tab must reach the sign-in page too.
    path("logout/", login_not_required(require_POST(allauth_views.logout)), name="account_logout"),
    path("inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("password/change/", allauth_views.password_change, name="account_change_password"),
    path("password/reset/", allauth_views.password_reset, name="account_reset_password"),
    path(
        "password/reset/done/",
        allauth_views.password_reset_done,
        name="account_reset_password_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth_views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        allauth_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
