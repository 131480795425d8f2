"""URLs of the API and of the pages of its tokens."""

from collections.abc import Iterator

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, include, path

from api.service import service
from api.tokens import views


def _without_sign_in() -> Iterator[URLPattern]:
    """Yield the addresses of the API, which ask for a token instead of a session."""
    for each in service.urls[0]:
        assert isinstance(each, URLPattern)
        assert each.callback is not None
        login_not_required(each.callback)
        # Without cookies there is nothing to forge. The library says so of operations only.
        each.callback.csrf_exempt = True  # type: ignore[attr-defined]
        yield each


app_name = "api"
urlpatterns = [
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/add/", views.add, name="add_token"),
    path("tokens/<int:pk>/", views.token, name="token"),
    path("tokens/<int:pk>/revoke/", views.revoke, name="revoke_token"),
    path("v1/", include((list(_without_sign_in()), "api-v1"))),
]
