"""Template tags for page numbers and instants, and for what pages keep of their address."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm
from django.http import QueryDict
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from foundation.web.local_times import shown_local
from foundation.web.return_addresses import way_back
from foundation.web.tabs import CARRIED, carried

register = template.Library()


@register.filter
def page_numbers(page: "Page[Any]") -> Iterator[int | str]:
    """Yield the page numbers to link to: first, last and adjacent ones, with gaps between."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.filter(expects_localtime=True)
def instant(local: datetime) -> str:
    """Return a date and time with seconds."""
    return shown_local(local)


@register.filter
def is_search(query: QueryDict) -> bool:
    """Return whether an address asks for more than what links between pages keep."""
    return not query.keys() <= {*CARRIED}


@register.filter
def is_narrowed(form: BaseForm) -> bool:
    """Return whether a field of a filter's form, other than its search, has a value."""
    changed = {*form.changed_data}
    return any(field.name != "q" and field.name in changed for field in form.visible_fields())


@register.simple_tag(takes_context=True)
def carried_fields(context: Context, form: BaseForm) -> SafeString:
    """Return hidden fields for what tabs keep of the address and the form does not have."""
    kept = carried(context["request"].GET).items()
    fields = [(name, value) for name, value in kept if name not in form.fields]
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', fields)


@register.simple_tag(takes_context=True)
def carried_query(context: Context) -> str:
    """Return what tabs keep of the address, to be added to the address of a link."""
    query = urlencode(carried(context["request"].GET))
    return f"?{query}" if query else ""


@register.simple_tag(takes_context=True)
def next_query(context: Context) -> str:
    """Return the way back that the address names, to be added to the address of a link."""
    back = way_back(context["request"], "")
    return f"?{urlencode({'next': back})}" if back else ""


@register.simple_tag(takes_context=True)
def next_field(context: Context) -> SafeString:
    """Return the way back that the address or the form names, as a hidden field of a form."""
    back = way_back(context["request"], "")
    return (
        format_html('<input type="hidden" name="next" value="{}">', back) if back else SafeString()
    )
