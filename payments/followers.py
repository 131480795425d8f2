"""What follows payments in higher layers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from accounts.models import User
from foundation.followers import Followers
from payments.models import Payment

REVERSED: Followers[[Payment, datetime, User | None]] = Followers()
"""A payment was reversed, by hand or because its bank takes it back."""

CHANGED: Followers[[Collection[int]]] = Followers()
"""Payments of organizations, which are given by their ids, were recorded or reversed."""
