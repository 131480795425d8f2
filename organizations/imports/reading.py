"""Read a file of organizations, and check what can be checked cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from foundation.imports.names import Names
from foundation.imports.records import RecordReader
from foundation.imports.report import WrongLines
from foundation.lists.exports import without_guard
from foundation.web.time_zones import current_time_zones
from organizations.agreement.imports.reading import TermLine, TermReader
from organizations.billing.forms import BillingForm, DeliveryForm
from organizations.billing.identifiers import endpoint_schemes, legal_schemes
from organizations.billing.profiles import BuyerKind, Profile
from organizations.billing.provider_country import provider_country
from organizations.countries import country_codes, country_name
from organizations.forms import NewOwnerForm, OrganizationForm
from organizations.imports.cells import MOST_SHOWN, date_in, yes_or_no
from organizations.imports.columns import COLUMNS, EMPTY, FIELDS, REMOVE
from organizations.models import Organization, Tax, default_time_zone
from organizations.tags.forms import checked_tags
from tariffs.models import Tariff


@dataclass(frozen=True, slots=True)
class OrganizationLine:
    """The valid cells of a line: what to store, by field. `owner` is an address, or "".

    `term` is what it adds to the agreement.
    """

    number: int
    title: str
    owner: str
    owner_name: str
    given: Mapping[str, Any]
    term: TermLine | None = None

    @property
    def is_term_only(self) -> bool:
        """Whether it says nothing else about the organization."""
        return self.term is not None and not (self.owner or self.owner_name or self.given)


@dataclass
class Catalog:
    """The tariffs and taxes that cells may name, read once; locked for an import."""

    tariffs: Mapping[int, Tariff]
    taxes: Mapping[int, Tax]
    _zones: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, *, lock: bool) -> Catalog:
        """Read them; in a fixed order, so that two transactions that lock them cannot deadlock."""

        def read(rows: QuerySet[Any]) -> dict[int, Any]:
            ordered = rows.order_by("pk")
            return {
                each.pk: each
                for each in (ordered.select_for_update(no_key=True) if lock else ordered)
            }

        return cls(read(Tariff.objects.all()), read(Tax.objects.all()))

    @cached_property
    def default_tariffs(self) -> list[Tariff]:
        """The tariffs that are proposed for a new organization."""
        every = self.tariffs.values()
        return [each for each in every if each.is_default and not each.is_archived]

    @cached_property
    def default_tax(self) -> Tax | None:
        """The tax of organizations that do not have another."""
        return next((each for each in self.taxes.values() if each.is_default), None)

    @cached_property
    def default_country(self) -> str:
        """The code of the country of organizations that do not have another, or ""."""
        return provider_country()

    @cached_property
    def _tariff_names(self) -> Names:
        return Names((each.pk, each.name) for each in self.tariffs.values())

    @cached_property
    def _tax_names(self) -> Names:
        return Names((each.pk, each.name) for each in self.taxes.values())

    def tariffs_in(self, text: str) -> list[Tariff]:
        """Return the tariffs in a text, separated by commas, which may also be part of a name.

        Raises:
            ValidationError: one does not exist.
        """
        parts = [part.strip() for part in text.split(",")]
        found: dict[int, Tariff] = {}
        while parts:
            for end in range(len(parts), 0, -1):
                pk = self._tariff_names.find(", ".join(parts[:end]))
                if pk is not None:
                    found[pk] = self.tariffs[pk]
                    break
            else:
                if parts[0]:
                    raise ValidationError(_unknown_tariff(parts[0]))
                end = 1
            del parts[:end]
        return sorted(found.values(), key=lambda each: each.name)

    def tax(self, text: str) -> Tax:
        """Return the tax of a name.

        Raises:
            ValidationError: there is none.
        """
        pk = self._tax_names.find(text)
        if pk is None:
            raise ValidationError(
                _("Tax “%(name)s” does not exist. Correct the name, or add the tax first.")
                % {"name": text[:MOST_SHOWN]}
            )
        return self.taxes[pk]

    def time_zone(self, text: str) -> str:
        """Return the name of a time zone that the forms offer: current, or in use.

        Raises:
            ValidationError: there is none.
        """
        if not self._zones:
            used = Organization.objects.order_by().values_list("time_zone", flat=True).distinct()
            self._zones |= {*current_time_zones(), default_time_zone(), *used}
        if text not in self._zones:
            raise ValidationError(
                _("“%(name)s” is not a valid time zone. Use a name like Europe/Berlin.")
                % {"name": text[:MOST_SHOWN]}
            )
        return text

    @cached_property
    def _countries(self) -> Mapping[str, str]:
        names = {
            country_name(code, language).casefold(): code
            for language, _name in settings.LANGUAGES
            for code in country_codes()
        }
        return names | {code.casefold(): code for code in country_codes()}

    def country(self, text: str) -> str:
        """Return the code of a country: of its code or name.

        Raises:
            ValidationError: there is none.
        """
        code = self._countries.get(text.casefold())
        if code is None:
            raise ValidationError(
                _("“%(text)s” is not a country. Use a code of two letters, such as DE.")
                % {"text": text[:MOST_SHOWN]}
            )
        return code


class LineReader:
    """Read the lines of a file of organizations; add those with errors to `wrong`."""

    def __init__(self, records: RecordReader, catalog: Catalog, wrong: WrongLines) -> None:
        self._records = records
        self._wrong = wrong
        self._terms = TermReader()
        organization, billing = OrganizationForm.base_fields, BillingForm.base_fields
        self._clean: dict[str, Callable[[str], Any]] = {
            "title": organization["title"].clean,
            "owner": _email,
            "owner_name": NewOwnerForm.base_fields["name"].clean,
            "watcher_id": organization["watcher_id"].clean,
            "tariffs": catalog.tariffs_in,
            "time_zone": catalog.time_zone,
            **{name: organization[name].clean for name in ("contract_number", "debtor_number")},
            "tags": _tags,
            **{name: billing[name].clean for name in ("name", "street", "postal_code", "city")},
            "country": catalog.country,
            "tax_number": billing["tax_number"].clean,
            "tax": catalog.tax,
            "billing_email": DeliveryForm.base_fields["billing_email"].clean,
            "invoice_language": _language,
            "attach_charges": yes_or_no,
            "buyer_kind": _one_of(BuyerKind.choices),
            "profile": _one_of(Profile.choices),
            "endpoint_scheme": _one_of(endpoint_schemes()),
            "legal_scheme": _one_of(legal_schemes()),
            **{name: billing[name].clean for name in ("endpoint", "legal_id", "buyer_reference")},
            **{
                name: billing[name].clean
                for name in ("order_reference", "contract_reference", "project_reference")
            },
            **dict.fromkeys(("trial_first_on", "trial_last_on", "time_zone_from"), _date),
            **dict.fromkeys(("contract_signed_on", "contract_last_on"), _date),
        }

    def __iter__(self) -> Iterator[OrganizationLine]:
        """Yield the lines without errors.

        Raises:
            UnreadableFileError: the file is empty, its header is wrong, or a line is too long.
            TooManyWrongLines: too many lines have errors.
        """
        for number, cells in self._records:
            own, of_term = cells[: len(COLUMNS)], cells[len(COLUMNS) :]
            given, reasons = self._given(own)
            term = None
            if any(of_term):
                try:
                    term = self._terms.line(number, [own[0], *of_term])
                except ValidationError as error:
                    reasons += error.messages
            if reasons:
                self._wrong.add(number, " ".join(reasons))
            else:
                title, owner = given.pop("title"), given.pop("owner", "")
                name = given.pop("owner_name", "")
                yield OrganizationLine(number, title, owner, name, given, term)

    def _given(self, cells: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
        """Return the values of a line by field, and what is wrong with it."""
        given: dict[str, Any] = {}
        reasons = []
        for column, cell in zip(COLUMNS, cells, strict=True):
            name = FIELDS[column]
            try:
                if cell == REMOVE:
                    given[name] = _emptied(name)
                elif cell or name == "title":
                    given[name] = self._clean[name](without_guard(cell))
            except ValidationError as error:
                reasons += [f"{column}: {message}" for message in error.messages]
        return given, reasons


def _emptied(name: str) -> Any:
    if name not in EMPTY:
        raise ValidationError(_("This value cannot be removed. Enter another value."))
    return EMPTY[name]


def _email(text: str) -> str:
    email: str = NewOwnerForm.base_fields["email"].clean(text)
    return User.objects.normalize_email(email)


def _tags(text: str) -> Sequence[str]:
    return checked_tags(text)


def _language(text: str) -> str:
    languages = {name.casefold(): code for code, name in settings.LANGUAGES}
    languages |= {code.casefold(): code for code in languages.values()}
    code = languages.get(text.casefold())
    if code is None:
        raise ValidationError(
            _("“%(text)s” is not a language of invoices. Use one of these: %(codes)s.")
            % {
                "text": text[:MOST_SHOWN],
                "codes": ", ".join(code for code, _n in settings.LANGUAGES),
            }
        )
    return code


def _one_of(choices: Iterable[tuple[str, Any]]) -> Callable[[str], str]:
    """Return what reads one of some choices, by its code or its name."""

    def read(text: str) -> str:
        by_text = {str(name).casefold(): code for code, name in choices if code}
        by_text |= {code.casefold(): code for code in by_text.values()}
        # Spreadsheets take leading zeros from codes of digits.
        padded = text.zfill(4) if text.isdigit() else text
        code = by_text.get(text.casefold(), by_text.get(padded))
        if code is None:
            raise ValidationError(
                _("“%(text)s” cannot be chosen here. Use one of these: %(codes)s.")
                % {
                    "text": text[:MOST_SHOWN],
                    "codes": ", ".join(sorted({*by_text.values()})),
                }
            )
        return code

    return read


def _date(text: str) -> date:
    checked: date = OrganizationForm.base_fields["contract_signed_on"].clean(date_in(text))
    return checked


def _unknown_tariff(name: str) -> str:
    return _(
        "Tariff plan “%(name)s” does not exist. Correct the name, or add the tariff plan first."
    ) % {"name": name[:MOST_SHOWN]}
