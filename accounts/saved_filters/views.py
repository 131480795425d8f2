"""Pages of saved filters: save the filter of a list, change, update and delete one's own."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import signed_in
from accounts.saved_filters import operations
from accounts.saved_filters.forms import FilterForm
from accounts.saved_filters.models import SavedFilter
from accounts.saved_filters.reading import filters_for
from foundation.lists.saved import KEPT, NEXT, QUERY, address_with
from foundation.web.return_addresses import way_back

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
def saved_filters(request: HttpRequest) -> HttpResponse:
    """Save the present filter of the list at `next`; show those that are saved."""
    user, (path, list_name) = signed_in(request), _list_at(request)
    kept = request.GET.get(KEPT, "")
    form = FilterForm(request.POST or None, can_share=not user.is_owner)
    if request.method == "POST" and form.is_valid():
        try:
            saved = operations.save_filter(
                author_id=user.pk,
                list_name=list_name,
                query=request.GET.get(QUERY, ""),
                **form.values,
            )
        except operations.NameTaken as refusal:
            form.add_error("name", str(refusal))
        except operations.FilterRefusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The filter %(name)s was saved.") % {"name": saved.name})
            return HttpResponseRedirect(address_with(path, kept, saved.query))
    context = {
        "form": form,
        "saved": [
            (each, address_with(path, kept, each.query)) for each in filters_for(request, list_name)
        ],
        "query": request.GET.get(QUERY, ""),
        "way_back": way_back(request, path),
    }
    return render(request, "saved_filters/list.html", context)


@require_http_methods(FORM_METHODS)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename one's own filter, and share it or keep it for oneself."""
    user = signed_in(request)
    saved = get_object_or_404(SavedFilter, pk=pk, author=user.pk)
    back = _page(request)
    values = {"name": saved.name, "is_shared": saved.is_shared}
    form = FilterForm(request.POST or None, can_share=not user.is_owner, initial=values)
    if request.method == "POST" and form.is_valid():
        try:
            changed = operations.change_filter(author_id=user.pk, pk=pk, **form.values)
        except operations.NameTaken as refusal:
            form.add_error("name", str(refusal))
        else:
            said = _("Changes to the filter %(name)s were saved.")
            messages.success(request, said % {"name": changed.name})
            return redirect(back)
    context = {"form": form, "saved": saved, "way_back": back}
    return render(request, "saved_filters/edit.html", context)


@require_POST
def update(request: HttpRequest, pk: int) -> HttpResponse:
    """Store the present filter of the list under the name of one's own filter."""
    user = signed_in(request)
    get_object_or_404(SavedFilter, pk=pk, author=user.pk)
    query = request.GET.get(QUERY, "")
    try:
        saved = operations.replace_query(author_id=user.pk, pk=pk, query=query)
    except operations.FilterRefusal as refusal:
        messages.error(request, str(refusal))
        return redirect(_page(request))
    said = _("The filter %(name)s now shows what the list shows.")
    messages.success(request, said % {"name": saved.name})
    return HttpResponseRedirect(way_back(request, "/"))


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete one's own filter."""
    user = signed_in(request)
    get_object_or_404(SavedFilter, pk=pk, author=user.pk)
    name = operations.delete_filter(author_id=user.pk, pk=pk)
    messages.success(request, _("The filter %(name)s was deleted.") % {"name": name})
    return redirect(_page(request))


def _list_at(request: HttpRequest) -> tuple[str, str]:
    """Return the path of the list at `next`, and the name of its address."""
    path = way_back(request, "").partition("?")[0]
    try:
        return path, resolve(path).view_name
    except Resolver404 as error:
        raise Http404 from error


def _page(request: HttpRequest) -> str:
    """Return the address of the page of the list's filters."""
    query = {name: request.GET[name] for name in (NEXT, QUERY, KEPT) if name in request.GET}
    return reverse("saved_filters:list", query=query)
