"""The encodings in which people save CSV files."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Encoding(models.TextChoices):
    """An encoding that a person chooses. None is guessed: a wrong guess changes names silently.

    UTF-8 may begin with a byte order mark. Excel writes it for “CSV UTF-8”, and the Windows
    encoding of its country for “CSV”.
    """

    UTF_8 = "utf-8", _("UTF-8")
    WINDOWS_1252 = "cp1252", _("Windows-1252 (Western Europe)")
    WINDOWS_1251 = "cp1251", _("Windows-1251 (Cyrillic)")
