"""Factory of requests."""

# factory-boy's declarations have no annotations.
# mypy: disable-error-code="no-untyped-call"

from django.utils import timezone
from factory.declarations import LazyFunction, Sequence
from factory.django import DjangoModelFactory

from watcher.models import WriteRequest


class WriteRequestFactory(DjangoModelFactory[WriteRequest]):
    """A request that waits: a preset is to have 60 days."""

    class Meta:
        model = WriteRequest

    kind = "preset"
    subject = Sequence("preset:{}".format)
    about = "30 days"
    wanted = LazyFunction(lambda: {"dvr_seconds": 60 * 86_400})
    shown = LazyFunction(lambda: {"dvr_seconds": 30 * 86_400})
    requested_at = LazyFunction(timezone.now)
    next_attempt_at = LazyFunction(timezone.now)
