"""Change what new documents state. Issued documents do not change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.web.one_row import change_row, values_of
from foundation.web.versions import refuse_overwriting
from invoices.provider.parties import stored_providers
from invoices.terms.models import DISCOUNTS, CurrencyAccount, DocumentTerms, OrganizationTerms
from organizations.models import Organization

OF_DOCUMENTS = (*DISCOUNTS, "payment_terms_en", "payment_terms_ru", "footer_en", "footer_ru")
OF_ORGANIZATION = ("days_to_pay", "has_own_discounts", *DISCOUNTS)
OF_ACCOUNT = ("account_number", "bic", "bank", "correspondent_account")


class AccountRefusal(Exception):
    """A change was refused; the text of the exception tells the user why."""

    reason: ClassVar[Promise]

    def __str__(self) -> str:
        return str(self.reason)


class CurrencyTaken(AccountRefusal):
    """Somebody has just added an account for the currency."""

    reason = _("This currency already has an account. Change that one.")


class AccountGone(AccountRefusal):
    """The account has been deleted."""

    reason = _("This account has been deleted.")


class NoProvider(AccountRefusal):
    """The provider's details have not been entered."""

    reason = _("Enter the provider details first, with the account for all other currencies.")


def change_document_terms(*, shown: str, settings: Mapping[str, Any]) -> None:
    """Store what new documents state, `OF_DOCUMENTS`. `shown` is the version that was shown.

    Raises:
        EditedByOthers: a value differs both from the shown and from the new one.
    """
    change_row(DocumentTerms, shown=shown, settings=settings)


def stored_document_terms(stored: DocumentTerms | None) -> dict[str, Any]:
    """Return the stored values by field name; the defaults if nothing was entered."""
    return values_of(stored or DocumentTerms(), OF_DOCUMENTS)


@transaction.atomic
def change_organization_terms(
    *, organization_id: int, shown: str, settings: Mapping[str, Any]
) -> None:
    """Store the terms of an organization, `OF_ORGANIZATION`. `shown` is the version shown.

    Raises:
        Organization.DoesNotExist: there is no such organization.
        EditedByOthers: a value differs both from the shown and from the new one.
    """
    Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
    row = OrganizationTerms.objects.filter(organization=organization_id).first()
    refuse_overwriting(shown=shown, stored=stored_organization_terms(row), given=settings)
    OrganizationTerms.objects.update_or_create(
        organization_id=organization_id, defaults=dict(settings)
    )


def stored_organization_terms(stored: OrganizationTerms | None) -> dict[str, Any]:
    """Return the stored values by field name; the provider's if nothing was entered."""
    return values_of(stored or OrganizationTerms(), OF_ORGANIZATION)


def add_account(*, currency: str, **fields: str) -> CurrencyAccount:
    """Add the account for invoices in a currency; `fields` are `OF_ACCOUNT`.

    Raises:
        CurrencyTaken: it has one.
        NoProvider: the provider's details have not been entered.
    """
    if not stored_providers.objects():
        raise NoProvider
    try:
        with transaction.atomic():
            return CurrencyAccount.objects.create(currency=currency, **fields)
    except IntegrityError as error:
        raise CurrencyTaken from error


@transaction.atomic
def change_account(*, account_id: int, shown: str, settings: Mapping[str, Any]) -> None:
    """Change an account, `OF_ACCOUNT`. `shown` is the version that was shown.

    Raises:
        AccountGone: it has been deleted.
        EditedByOthers: a value differs both from the shown and from the new one.
    """
    account = CurrencyAccount.objects.select_for_update().filter(pk=account_id).first()
    if account is None:
        raise AccountGone
    refuse_overwriting(shown=shown, stored=values_of(account, OF_ACCOUNT), given=settings)
    for name, value in settings.items():
        setattr(account, name, value)
    account.save()


def delete_account(*, account_id: int) -> None:
    """Delete an account, if it is still there; new invoices then state the default account."""
    with transaction.atomic():
        CurrencyAccount.objects.filter(pk=account_id).delete()
