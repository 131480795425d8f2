"""Lead people to a list if what they change has been deleted in the meantime."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def to_list_if_gone(refusal: type[Exception], to: str) -> Callable[[View[P]], View[P]]:
    """Redirect to the address named `to`, with the text of the refusal, if the view raises it."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except refusal as gone:
                messages.error(request, str(gone))
                return redirect(to)

        return guarded

    return decorate
