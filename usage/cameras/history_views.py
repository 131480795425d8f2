"""Show the history of a camera: who changed what."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import staff_only
from foundation.audit.history import render_history
from usage.cameras.history import PARTS
from usage.models import Camera


@require_safe
@staff_only
def camera_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who changed what on a camera and its usage, even after it was deleted."""
    camera = Camera.objects.select_related("organization").filter(pk=pk).first()
    return render_history(
        request,
        of=Camera,
        pk=pk,
        parts=PARTS,
        up=(reverse("organizations:list"), _("Organizations")),
        zone=camera.organization.zone_at(timezone.now()) if camera else None,
        links=[(reverse("usage:camera", args=[pk]), _("Camera"))],
    )
