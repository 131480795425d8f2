"""The page of search results, and the results that the field in the header shows at once."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import signed_in
from reports.search.kinds import groups_for

LONGEST = 200
"""More characters are not looked for."""


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what `q` finds, as a page, or for htmx as the options under the field."""
    text = " ".join(request.GET.get("q", "").replace("\0", " ").split())[:LONGEST]
    groups = groups_for(signed_in(request), text)
    results = sum(len(group.results) for group in groups)
    context = {"q": text, "groups": groups, "results": results}
    template = "_options.html" if request.htmx else "page.html"  # type: ignore[attr-defined]
    return render(request, f"reports/search/{template}", context)
