"""Edit the title of a camera."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import operators_only, signed_in
from foundation.web.edit_conflicts import conflict_of
from foundation.web.versions import EditedByOthers, version_of
from usage.cameras.forms import TitleForm
from usage.cameras.history import PARTS
from usage.cameras.titles import change_title, stored_values
from usage.models import Camera


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def edit_title(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the title of a camera."""
    camera = get_object_or_404(Camera, pk=pk)
    # Read before the form writes what was typed into its instance.
    stored = version_of(stored_values(camera))
    context: dict[str, Any] = {
        "name": camera.name,
        "version": request.POST.get("version", "") if request.method == "POST" else stored,
        "reload": request.get_full_path(),
        "way_back": reverse("usage:camera", args=[pk]),
    }
    form = TitleForm(request.POST or None, instance=camera)
    if form.is_valid():
        try:
            change_title(camera_id=pk, shown=context["version"], **form.cleaned_data)
        except EditedByOthers as error:
            user_id = signed_in(request).pk
            zone = camera.organization.zone_at(timezone.now())
            conflict = conflict_of(error, form=form, pk=pk, parts=PARTS, user_id=user_id, zone=zone)
            context |= {"conflict": conflict, "version": conflict.version}
        else:
            messages.success(request, _("The title of “%s” has been saved.") % camera)
            return redirect("usage:camera", pk)
    return render(request, "usage/edit_title.html", {**context, "form": form})
