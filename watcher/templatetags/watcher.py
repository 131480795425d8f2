"""Say what a preset of Watcher contains, and what is requested of Watcher for an object."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.access import signed_in
from tariffs.models import Tariff
from watcher.models import PlatformPreset, PresetLink, WriteRequest
from watcher.services import services_in_words
from watcher.writing import operations
from watcher.writing.cameras import CAMERA
from watcher.writing.presets import PRESET_CREATION
from watcher.writing.shown import shown_requests
from watcher.writing.subjects import Subject

register = template.Library()

MOST_REQUESTS = 5
"""How many requests the page of an object shows; the list has all."""

SECTIONS = (
    (
        _("Connection"),
        (
            ("connection", _("Connection")),
            ("reading", pgettext_lazy("of Watcher", "Reading")),
        ),
    ),
    (
        pgettext_lazy("with Watcher", "Links"),
        (
            ("organizations", _("Organizations in Watcher")),
            ("unlinked", _("Not in Watcher")),
            ("presets", _("Presets")),
        ),
    ),
    (
        pgettext_lazy("in Watcher", "Changes"),
        (
            ("changes", _("Changes in Watcher")),
            ("requests", _("Requested changes")),
        ),
    ),
    (
        pgettext_lazy("from Watcher", "Differences"),
        (
            ("differences", pgettext_lazy("from Watcher", "Differences")),
            ("report", pgettext_lazy("of Watcher", "Usage report")),
        ),
    ),
    (
        pgettext_lazy("in Watcher", "Suspension"),
        (("suspensions", pgettext_lazy("in Watcher", "Suspension")),),
    ),
)
"""The sections of *Watcher*, each with the names of its pages' URLs and what these are called."""


@register.inclusion_tag("watcher/_nav.html")
def watcher_sections(here: str) -> dict[str, Any]:
    """Show the sections of Watcher, and the pages of the one that has the page `here`."""
    sections = [(label, pages, here in dict(pages)) for label, pages in SECTIONS]
    return {"sections": sections, "here": here}


@register.filter
def services(preset: PlatformPreset) -> list[str]:
    """Return the services of a preset, as far as Watcher states them."""
    return services_in_words(preset.dvr_seconds, preset.dvr_bytes, has_anpr=preset.has_anpr)


@register.inclusion_tag("watcher/writing/_requests.html", takes_context=True)
def watcher_requests(context: Context, title: str, **about: int) -> dict[str, Any]:
    """Show staff what is requested for one `organization`, `tariff` or `camera`, by its id.

    `title` is what the page is called, and is not repeated.
    """
    request = context["request"]
    user = signed_in(request)
    shown = []
    if not user.is_owner:
        rows = WriteRequest.objects.open().filter(**about).order_by("-pk")
        shown = shown_requests(list(rows.select_related("requested_by")[:MOST_REQUESTS]))
    return {
        "requests": shown,
        "title": title,
        "user": user,
        "request": request,
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag
def creates_presets() -> bool:
    """Return whether presets can be created for tariff plans."""
    return operations.is_enabled(PRESET_CREATION)


@register.simple_tag
def lacks_preset(tariff: Tariff) -> bool:
    """Return whether a preset can be created for a tariff plan."""
    return (
        not tariff.is_archived
        and operations.is_enabled(PRESET_CREATION)
        and not PresetLink.objects.filter(tariff=tariff).exists()
        and not WriteRequest.objects.open()
        .filter(subject=Subject.OUR_TARIFF.of(tariff.pk))
        .exists()
    )


@register.simple_tag
def disables_cameras() -> bool:
    """Return whether cameras that are disconnected here are disabled in Watcher."""
    return operations.is_enabled(CAMERA)
