"""Template filters that show the pages of documents."""

from base64 import b64encode

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def as_picture(svg: bytes) -> SafeString:
    """Return an SVG as a data URL, which the content security policy allows for images."""
    return mark_safe(f"data:image/svg+xml;base64,{b64encode(svg).decode()}")
