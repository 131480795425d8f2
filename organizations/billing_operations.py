"""What changes organizations' billing details."""

from typing import Unpack

from django.db import transaction

from foundation.web.versions import refuse_overwriting
from organizations.billing import BillingDetails, stored_billing_details
from organizations.models import Organization


@transaction.atomic
def change_billing_details(*, pk: int, shown: str, **fields: Unpack[BillingDetails]) -> None:
    """Change what an organization's invoices say from now on; those issued stay as they are.

    `shown` is the version (`foundation.web.versions`) of the `stored_billing_details` that a person
    was shown.

    Raises:
        Organization.DoesNotExist: there is none.
        ChangedMeanwhile: some of it is no longer as shown, nor as it is to be.
    """
    organization = Organization.objects.select_for_update(no_key=True).get(pk=pk)
    refuse_overwriting(shown=shown, stored=stored_billing_details(organization), given=fields)
    for name, value in fields.items():
        setattr(organization, name, value)
    organization.save(update_fields=list(fields))
