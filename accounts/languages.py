"""Choose a person's language: the one they chose, or their browser's cookie or preference."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from accounts import operations
from accounts.models import User


class ChosenLanguage:
    """Show pages to signed-in people in the language they chose, in any browser.

    For everyone else, Django's LocaleMiddleware, which runs earlier, has chosen the language.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated and request.user.language:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        response = self.get_response(request)
        # The session cookie identifies the user, and another holds an anonymous person's choice.
        patch_vary_headers(response, ("Cookie",))
        return response


def keep_chosen_language(*, request: HttpRequest, user: User, **signal: Any) -> None:
    """Save the language chosen in the browser for a `user` who signs in and has none saved."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if not user.language and chosen in dict(settings.LANGUAGES):
        operations.choose_language(user=user, language=chosen)
