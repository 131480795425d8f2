"""In which language a person reads: the one they chose, else their browser's choice or wish."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from accounts import operations
from accounts.models import User


class ChosenLanguage:
    """Answer signed-in people in the language they chose, whichever browser they sit at.

    Everyone else has been given theirs by Django's LocaleMiddleware, which stands before.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated and request.user.language:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        response = self.get_response(request)
        # The cookie is who asks, and what an anonymous person chose.
        patch_vary_headers(response, ("Cookie",))
        return response


def take_over_choice(*, request: HttpRequest, user: User, **signal: Any) -> None:
    """Remember for `user`, who signs in, what was chosen in their browser; not over their own."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if not user.language and chosen in dict(settings.LANGUAGES):
        operations.choose_language(user=user, language=chosen)
