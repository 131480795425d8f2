"""What follows the issue of documents in higher layers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from accounts.models import User
from foundation.followers import Followers
from invoices.models import Invoice

ISSUED: Followers[[Sequence[Invoice], datetime, User | None]] = Followers()
"""Documents were issued by one statement, at an instant, by somebody.

Their organizations are locked, and so is the number series: followers must be quick.
"""
