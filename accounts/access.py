"""Decorators that restrict pages to roles. Others get 403, or the sign-in page if signed out."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from accounts.models import Role, User

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def signed_in(request: HttpRequest) -> User:
    """Return the signed-in user. LoginRequiredMiddleware protects every page that is not public."""
    return cast(User, request.user)


def _open_to(*roles: Role) -> Callable[[View[P]], View[P]]:
    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if signed_in(request).role not in roles:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded  # type: ignore[return-value]  # mypy takes `request` for keyword-only use

    return decorate


operators_only = _open_to(Role.OPERATOR)
staff_only = _open_to(Role.OPERATOR, Role.SUPPORT)
