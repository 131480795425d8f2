"""The form of how organizations are suspended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from django.utils.translation import gettext_lazy as _

from accounts.settings_pages import SettingsForm
from watcher.models import SuspensionSettings
from watcher.suspending.operations import SETTINGS


class SuspensionForm(SettingsForm):
    """How organizations are suspended: at least one way."""

    class Meta:
        model = SuspensionSettings
        fields = SETTINGS
        help_texts: ClassVar = {
            "blocks_users": _(
                "Users who are in this organization alone cannot sign in. Cameras record on."
            ),
            "disables_cameras": _(
                "Cameras stop recording, and what they have recorded may be lost. Their usage goes "
                "on here: the suspension states whether it is charged."
            ),
            "limits_cameras": _(
                "The limit of cameras is lowered to the present number. An organization without a "
                "limit keeps none."
            ),
        }

    def __init__(self, data: Mapping[str, Any] | None, *, instance: SuspensionSettings) -> None:
        super().__init__(data, instance=instance)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean(self) -> dict[str, Any]:
        """Refuse settings by which a suspension would change nothing."""
        cleaned = super().clean() or {}
        if not any(cleaned.get(name) for name in SETTINGS):
            # On a field: otherwise the database's constraint would be named beside it.
            self.add_error(
                SETTINGS[0],
                _(
                    "Choose at least one. To leave Watcher alone, switch suspensions off for the "
                    "connection."
                ),
            )
        return cleaned
