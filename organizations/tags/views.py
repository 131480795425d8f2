"""The page on which the tags of an organization are edited."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import operators_only, signed_in
from foundation.web.edit_conflicts import conflict_of
from foundation.web.return_addresses import redirect_back, way_back
from foundation.web.versions import EditedByOthers, version_of
from organizations.access import organization_for
from organizations.history import PARTS
from organizations.models import Organization, Tag
from organizations.tags.forms import TagsForm
from organizations.tags.operations import set_tags, stored_values

MOST_NAMED = 50
"""The maximum number of existing tags that the page names."""


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def edit_tags(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the tags of an organization, and go back to `next`."""
    user = signed_in(request)
    organization = organization_for(user, pk)
    overview, stored = reverse("reports:overview", args=[pk]), stored_values(organization)
    initial = {"tags": ", ".join(stored["tags"])}
    form = TagsForm(request.POST if request.method == "POST" else None, initial=initial)
    shown = request.POST.get("version", "") if request.method == "POST" else version_of(stored)
    context: dict[str, Any] = {
        "organization": organization,
        "form": form,
        "existing": Tag.objects.all()[:MOST_NAMED],
        "version": shown,
        "reload": request.get_full_path(),
        "way_back": way_back(request, overview),
    }
    if request.method == "POST" and form.is_valid():
        try:
            set_tags(organization_id=pk, names=form.cleaned_data["tags"], shown=shown)
        except EditedByOthers as error:
            conflict = conflict_of(
                error,
                form=form,
                pk=pk,
                parts=PARTS,
                user_id=user.pk,
                models=(Organization,),
                zone=organization.zone_at(timezone.now()),
            )
            context |= {"conflict": conflict, "version": conflict.version}
        else:
            messages.success(request, _("The tags were saved."))
            return redirect_back(request, overview)
    return render(request, "organizations/tags.html", context)
