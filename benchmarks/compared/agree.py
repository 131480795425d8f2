"""Agree on three terms with each organization: an individual price, a discount and a fee.

No arguments. Returns the number of terms.
"""

import json
from datetime import date

import django

django.setup()

from django.db import connection  # noqa: E402

from organizations.models import Discount, Fee, IndividualPrice, Organization  # noqa: E402
from tariffs.models import Tariff  # noqa: E402

SINCE = date(2026, 1, 1)


def agree() -> int:
    tariff, every = Tariff.objects.earliest("pk"), Organization.objects.order_by("pk")
    prices = [
        IndividualPrice(organization=each, tariff=tariff, valid_from=SINCE, amount=8)
        for each in every
    ]
    discounts = [Discount(organization=each, first_on=SINCE, percent=10) for each in every]
    fees = [
        Fee(organization=each, first_on=SINCE, name="Service", amount=20, currency="EUR")
        for each in every
    ]
    IndividualPrice.objects.bulk_create(prices)
    Discount.objects.bulk_create(discounts)
    Fee.objects.bulk_create(fees)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE invoices_recheck, reports_changeddates")
        cursor.execute("VACUUM (ANALYZE)")
    return len(prices) + len(discounts) + len(fees)


if __name__ == "__main__":
    print(json.dumps(agree()))
