"""Messages for the next page, in a cookie whose name is a setting."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class _NamedCookieStorage(CookieStorage):
    cookie_name = getattr(settings, "MESSAGE_COOKIE_NAME", CookieStorage.cookie_name)


class MessageStorage(FallbackStorage):
    """Keep messages in the cookie `MESSAGE_COOKIE_NAME`, and in the session what does not fit."""

    storage_classes = (_NamedCookieStorage, SessionStorage)
