"""The form for uploading a file of organizations."""

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.imports.forms import UploadForm


class OrganizationImportForm(UploadForm):
    """A file of organizations, and whether to invite owners who are new."""

    max_megabytes = 20
    command = "import_organizations"

    invite = forms.BooleanField(
        label=_("Invite new owners by email"),
        required=False,
        initial=True,
        help_text=_(
            "Once you have confirmed the import, each new owner gets a link to set a password. "
            "You can also invite them later under People."
        ),
    )
