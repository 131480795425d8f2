"""Template filters that every template may use, and quicker `date`, `url` and `translate`."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.forms.utils import flatatt
from django.template import defaultfilters
from django.templatetags import i18n
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from foundation.web import constant_tags
from foundation.web.addresses import address_of
from foundation.web.local_times import shown_date

register = template.Library()
register.filter(address_of)
register.tag("url", constant_tags.url)
# Templates load these with Django's library, which would replace tags of this one.
i18n.register.tag("translate", constant_tags.translate)
i18n.register.tag("trans", constant_tags.translate)


@register.filter
def attributes(attrs: Mapping[str, Any]) -> SafeString:
    """Return the HTML attributes of a form's widget."""
    return flatatt(dict(attrs))


@register.filter
def options(choices: Iterable[Mapping[str, Any]]) -> SafeString:
    """Return the options of a form's select widget."""
    return format_html_join(
        "\n",
        '<option value="{}"{}>{}</option>',
        (
            (str(each["value"]), flatatt(each["attrs"]) if each["attrs"] else "", each["label"])
            for each in choices
        ),
    )


@register.filter(name="date", expects_localtime=True, is_safe=False)
def shown(value: Any, pattern: str = "DATE_FORMAT") -> str:
    """Return a date or an instant as Django does, but do not format each date on a page again."""
    if isinstance(value, date) and not isinstance(value, datetime) and pattern:
        return shown_date(value, pattern)
    return defaultfilters.date(value, pattern)
