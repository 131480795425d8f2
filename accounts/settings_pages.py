"""A page on which an operator changes settings that are stored in one row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from django.contrib import messages
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import signed_in
from foundation.audit.history import HistoryPart
from foundation.web.edit_conflicts import conflict_of
from foundation.web.versions import EditedByOthers, version_of


class SettingsForm(ModelForm):  # type: ignore[type-arg]
    """A form of settings that are stored in one row."""

    @property
    def settings(self) -> dict[str, Any]:
        """The values of a valid form."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}  # type: ignore[attr-defined]


class Change(Protocol):
    """Stores settings. `shown` is the version that the person saw."""

    def __call__(self, *, shown: str, settings: Mapping[str, Any]) -> None:
        """Store them, or raise EditedByOthers."""


def edit_settings(
    request: HttpRequest,
    form_of: Callable[..., SettingsForm],
    *,
    instance: Model,
    stored: Mapping[str, Any],
    change: Change,
    parts: Sequence[HistoryPart],
    template: str,
    back_to: str,
    of: Model | None = None,
) -> HttpResponse:
    """Show and save settings. `back_to` names the URL of the page that shows them.

    They are those `of` a row, whose id that URL has, or else of the whole product.
    """
    args = [] if of is None else [of.pk]
    context: dict[str, Any] = {
        "of": of,
        "way_back": reverse(back_to, args=args),
        "reload": request.get_full_path(),
        "version": request.POST.get("version", "")
        if request.method == "POST"
        else version_of(stored),
    }
    form = form_of(request.POST if request.method == "POST" else None, instance=instance)
    if request.method == "POST" and form.is_valid():
        try:
            change(shown=context["version"], settings=form.settings)
        except EditedByOthers as error:
            conflict = conflict_of(
                error, form=form, pk=of.pk if of else 1, parts=parts, user_id=signed_in(request).pk
            )
            context |= {"conflict": conflict, "version": conflict.version}
        else:
            messages.success(request, _("The settings were saved."))
            return redirect(back_to, *args)
    return render(request, template, {**context, "form": form})
