"""The form of how the platform is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from django.utils.translation import gettext_lazy as _

from accounts.settings_pages import SettingsForm
from watcher.models import ReadingSettings

SETTINGS = (
    "every_minutes",
    "charges_disabled",
    "most_vanished_percent",
    "standstill_minutes",
    "no_archive",
)


class ReadingForm(SettingsForm):
    """How often the platform is read, and what of it is believed."""

    class Meta:
        model = ReadingSettings
        fields = SETTINGS
        help_texts: ClassVar = {
            "every_minutes": _(
                "1 to 1,440. What Watcher does not date is known as precisely as it is read often."
            ),
            "charges_disabled": _(
                "A disabled camera keeps its preset and its archive. Without this, its usage ends "
                "when it is disabled, and begins when it is enabled again."
            ),
            "most_vanished_percent": _(
                "If more cameras than that vanish between two readings, nothing is changed until "
                "somebody confirms it. Up to 10 cameras may always vanish."
            ),
            "standstill_minutes": _("1 to 1,440. Home then says so."),
            "no_archive": _(
                "Try it in Watcher before you choose. A preset with this depth is then the same as "
                "0 days here. Without 0 among them, 0 days are never written."
            ),
        }

    def __init__(self, data: Mapping[str, Any] | None, *, instance: ReadingSettings) -> None:
        super().__init__(data, instance=instance)
        self.helper = FormHelper()
        self.helper.form_tag = False
