"""The demonstration, with who bills in it."""

from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.db import transaction

from invoices.models import Logo, Provider
from invoices.provider_operations import ProviderDetails, change_provider
from usage.demo import load
from usage.demo.load import NotEmptyError
from usage.demo.rows import Sizes

_PROVIDER: ProviderDetails = {
    "name": "Sehwerk Cloud GmbH",
    "street": "Am Leuchtturm 7",
    "postal_code": "20457",
    "city": "Hamburg",
    "country": "DE",
    "tax_id": "DE123456788",
    "email": "billing@example.com",
    "account_number": "DE02120300000000202051",
    "bic": "BYLADEM1001",
    "bank": "Demo Bank",
    "invoice_prefix": "INV",
    "credit_note_prefix": "CN",
    "days_to_pay": 14,
}


@transaction.atomic
def load_demonstration(
    *, seed: int, today: date, sizes: Sizes, progress: Callable[[int], object]
) -> None:
    """Fill an empty database, all or nothing; `progress` is told of cameras as they are written.

    Raises:
        NotEmptyError: there is a user, a tariff, an organization, a camera or a provider already.
    """
    if Provider.objects.exists():
        raise NotEmptyError
    load.load_demonstration(seed=seed, today=today, sizes=sizes, progress=progress)
    logo = Logo.of((settings.BASE_DIR / "static" / "img" / "icon.svg").read_bytes())
    details: ProviderDetails = {**_PROVIDER, "logo": logo}
    change_provider(shown="", **details)
