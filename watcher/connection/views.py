"""Pages of the connection: what it is, its test, its form, and what it may do."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import operators_only, signed_in, staff_only
from foundation.audit.history import HistoryPart, render_history
from foundation.encryption import EncryptionKeyMissingError, can_encrypt
from foundation.web.edit_conflicts import conflict_of
from foundation.web.field_values import details_of
from foundation.web.versions import EditedByOthers, version_of
from watcher.connection import operations
from watcher.connection.forms import ConnectionForm, DirectionsForm
from watcher.connection.models import DIRECTIONS, ApiVersion, Connection
from watcher.connection.shown import shown_test

PARTS = (HistoryPart("watcher.ConnectionEvent"),)
_OF_V3 = ("client_base", "admin_base")
_OF_V2 = ("v2_base",)


@require_safe
@staff_only
def connection(request: HttpRequest) -> HttpResponse:
    """Show the connection, what its last test found, and what it may do."""
    stored = operations.stored_connection()
    context: dict[str, Any] = {"connection": stored, "can_encrypt": can_encrypt()}
    if stored is not None:
        bases = _OF_V2 if stored.api_version == ApiVersion.V2 else _OF_V3
        names = (
            "address",
            "api_version",
            *bases,
            "sign_in",
            "login",
            "secret_changed_at",
            "pause_ms",
        )
        context |= {
            "details": details_of(stored, names),
            "directions": details_of(stored, DIRECTIONS),
            "test": shown_test(operations.connection_state()),
        }
    return render(request, "watcher/connection.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def edit(request: HttpRequest) -> HttpResponse:
    """Enter or change the connection."""
    stored = operations.stored_connection()
    version = version_of(operations.stored_details(stored))
    context: dict[str, Any] = {
        "way_back": reverse("watcher:connection"),
        "reload": request.get_full_path(),
        "version": request.POST.get("version", "") if request.method == "POST" else version,
        "can_encrypt": can_encrypt(),
    }
    form = _form(request, stored)
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_connection(
                shown=context["version"],
                secret=form.cleaned_data["secret"],
                is_same_watcher=form.cleaned_data.get("is_same_watcher", False),
                now=timezone.now(),
                **form.details,
            )
        except EditedByOthers as error:
            conflict = conflict_of(
                error, form=form, pk=1, parts=PARTS, user_id=signed_in(request).pk
            )
            context |= {"conflict": conflict, "version": conflict.version}
        except operations.OtherWatcher:
            form = _form(request, stored, asks_whether_same=True)
            form.is_valid()
            form.add_error(
                "is_same_watcher",
                _(
                    "Organizations and presets are linked to the Watcher at the old address. Say "
                    "that it is the same one, or go back."
                ),
            )
        except operations.SecretNeeded:
            form.add_error(
                "secret",
                _("Enter the password or key. The stored one is only for its address and login."),
            )
        except EncryptionKeyMissingError:
            form.add_error(
                "secret",
                _("It cannot be stored, because ENCRYPTION_KEYS is not set on this server."),
            )
        else:
            messages.success(request, _("The connection was saved. Test it now."))
            return redirect("watcher:connection")
    return render(request, "watcher/edit.html", {**context, "form": form})


def _form(
    request: HttpRequest, stored: Connection | None, *, asks_whether_same: bool = False
) -> ConnectionForm:
    return ConnectionForm(
        request.POST or None, instance=stored or Connection(), asks_whether_same=asks_whether_same
    )


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def directions(request: HttpRequest) -> HttpResponse:
    """Enable or disable what the connection may do."""
    stored = operations.stored_connection()
    if stored is None:
        return redirect("watcher:connection")
    version = version_of(operations.stored_directions(stored))
    context: dict[str, Any] = {
        "way_back": reverse("watcher:connection"),
        "reload": request.get_full_path(),
        "version": request.POST.get("version", "") if request.method == "POST" else version,
    }
    form = DirectionsForm(request.POST if request.method == "POST" else None, instance=stored)
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_directions(shown=context["version"], directions=form.directions)
        except EditedByOthers as error:
            conflict = conflict_of(
                error, form=form, pk=1, parts=PARTS, user_id=signed_in(request).pk
            )
            context |= {"conflict": conflict, "version": conflict.version}
        except operations.NotTested:
            form.add_error(
                None, _("Test the connection first. Nothing is switched on until it succeeds.")
            )
        except operations.NotPossible as error:
            form.add_error(error.direction, _("This version of the API cannot do it."))
        else:
            messages.success(request, _("What the connection may do was saved."))
            return redirect("watcher:connection")
    return render(request, "watcher/directions.html", {**context, "form": form})


@require_POST
@operators_only
def test(request: HttpRequest) -> HttpResponse:
    """Test the connection, and show what was found out."""
    operations.test_connection(now=timezone.now(), by=signed_in(request))
    return redirect(f"{reverse('watcher:connection')}#test")


test.__test__ = False  # type: ignore[attr-defined]


@require_safe
@staff_only
def history(request: HttpRequest) -> HttpResponse:
    """Show the changes to the connection and who made them; passwords are not recorded."""
    return render_history(
        request,
        of=Connection,
        pk=1,
        parts=PARTS,
        up=(reverse("watcher:connection"), _("Watcher")),
    )
