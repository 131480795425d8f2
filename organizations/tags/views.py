"""The page on which the tags of an organization are edited."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import operators_only, signed_in
from foundation.web.return_addresses import redirect_back, way_back
from organizations.access import organization_for
from organizations.models import Tag
from organizations.tags.forms import TagsForm
from organizations.tags.operations import set_tags

MOST_NAMED = 50
"""The maximum number of existing tags that the page names."""


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def edit_tags(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the tags of an organization, and go back to `next`."""
    organization = organization_for(signed_in(request), pk)
    overview = reverse("reports:overview", args=[pk])
    shown = ", ".join(organization.tags.values_list("name", flat=True))
    form = TagsForm(request.POST if request.method == "POST" else None, initial={"tags": shown})
    if request.method == "POST" and form.is_valid():
        set_tags(organization_id=pk, names=form.cleaned_data["tags"])
        messages.success(request, _("The tags were saved."))
        return redirect_back(request, overview)
    context = {
        "organization": organization,
        "form": form,
        "existing": Tag.objects.all()[:MOST_NAMED],
        "way_back": way_back(request, overview),
    }
    return render(request, "organizations/tags.html", context)
