"""Compare lines with the organizations that exist, and decide what each line does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext as _

from accounts.models import Role, User
from foundation.imports.report import MAX_KEPT, WrongLine, WrongLines
from organizations.billing.einvoice_rules import checked_identifiers, chosen_profile
from organizations.billing.tax_id_rules import wrong_tax_id
from organizations.bulk.operations import Changed, values_of
from organizations.debtors import taken_debtors, taken_text
from organizations.forms import OwnerField, wrong_contract, wrong_trial
from organizations.imports.columns import COLUMN_OF
from organizations.imports.reading import Catalog, OrganizationLine
from organizations.models import BillingDetails, Organization, default_time_zone
from organizations.operations import TitleTaken
from organizations.tax_ids import checked_tax_id
from tariffs.models import Tariff

_TAXED = ("tax", "tax_number", "country")
_IDENTIFIERS = ("endpoint", "endpoint_scheme", "legal_id", "legal_scheme", "buyer_reference")


@dataclass(frozen=True, slots=True)
class New:
    """An organization that a line creates, with its values by field."""

    line: OrganizationLine
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """An organization that a line changes, or leaves as it is."""

    line: OrganizationLine
    changed: Changed


@dataclass
class Planner:
    """Plans lines, batch by batch; adds those that cannot be imported to `wrong`.

    `lock` says to lock the organizations first. Owners who do not exist yet are users that are not
    stored, in `invited` by address.
    """

    catalog: Catalog
    now: datetime
    wrong: WrongLines
    lock: bool
    invited: dict[str, User] = field(default_factory=dict)
    # The line of each organization, title and Watcher ID so far.
    _seen: dict[tuple[str, Any], int] = field(default_factory=dict)
    # The line that takes the title of another organization, by that one's id.
    _taken: dict[int, int] = field(default_factory=dict)
    # The organizations that get another title.
    _renamed: set[int] = field(default_factory=set)
    # The number that a line takes from another organization, with the line, by that one's id.
    _debtors_taken: dict[int, tuple[int, str, Organization]] = field(default_factory=dict)
    # The organizations that get another debtor number.
    _renumbered: set[int] = field(default_factory=set)

    def plan(self, lines: Sequence[OrganizationLine]) -> list[New | Kept]:
        """Return what the lines do that can be imported.

        Raises:
            TooManyWrongLines: too many lines have errors.
        """
        stored = _Stored.find(lines, lock=self.lock)
        users = _users(lines)
        debtors = taken_debtors({number for line in lines if (number := _debtor_of(line))})
        planned = []
        for line in lines:
            try:
                one = self._planned(line, stored, users)
            except ValidationError as error:
                self.wrong.add(line.number, " ".join(error.messages))
            else:
                self._note_debtor(one, debtors)
                planned.append(one)
        # The database checks these at the end of each batch.
        self._refuse_debtors(lambda holder: holder.debtor_number is None)
        return planned

    def _note_debtor(self, planned: New | Kept, debtors: Mapping[str, Organization]) -> None:
        changed = planned.changed if isinstance(planned, Kept) else None
        if changed and "debtor_number" in changed.fields:
            self._renumbered.add(changed.organization.pk)
        number = _debtor_of(planned.line)
        holder = debtors.get(number) if number else None
        if number and holder and not (changed and changed.organization.pk == holder.pk):
            self._debtors_taken[holder.pk] = planned.line.number, number, holder

    def refuse_taken_titles(self) -> None:
        """Add the lines whose title another organization has, and keeps, once all are planned."""
        found = [
            WrongLine(line, f"title: {TitleTaken()}")
            for holder, line in self._taken.items()
            if holder not in self._renamed
        ]
        self.wrong.merge(found[:MAX_KEPT], len(found))

    def refuse_taken_debtors(self) -> None:
        """Add the lines whose debtor number another organization has, and keeps."""
        self._refuse_debtors(lambda holder: True)

    def _refuse_debtors(self, is_due: Callable[[Organization], bool]) -> None:
        for pk, (line, number, holder) in [*self._debtors_taken.items()]:
            if is_due(holder):
                del self._debtors_taken[pk]
                if pk not in self._renumbered:
                    self.wrong.add(line, f"debtor_number: {taken_text(number, holder)}")

    def _planned(
        self, line: OrganizationLine, stored: _Stored, users: Mapping[str, User]
    ) -> New | Kept:
        organization, holder = stored.of(line)
        self._refuse_repetition(line, organization)
        if holder is not None:
            self._taken[holder.pk] = line.number
        if organization is None:
            return self._new(line, users)
        details, before = values_of(organization, self.now)
        after = before | {"title": line.title} | self._values(line, before["tariffs"])
        after["time_zone"], after["time_zone_from"] = _zone_after(before, line.given)
        if line.owner:
            after["owner"] = self._owner(line, users, before["owner"])
        after["tags"] = _tags_after(before["tags"], after["tags"])
        if (after["tax_number"], after["country"]) != (before["tax_number"], before["country"]):
            after["tax_number"] = _checked_tax_number(after)
        _set_identifiers(after, {name for name in after if after[name] != before.get(name)})
        changed = Changed(organization, details, before, after, None)
        _check(after, {*changed.fields})
        if folded(before["title"]) != folded(line.title):
            self._renamed.add(organization.pk)
            self._seen["title before", folded(before["title"])] = line.number
        return Kept(line, changed)

    def _new(self, line: OrganizationLine, users: Mapping[str, User]) -> New:
        if not line.owner:
            raise _at("owner", _("Enter the email address of the owner of a new organization."))
        values = {
            **_DEFAULTS,
            "time_zone": default_time_zone(),
            "tariffs": self.catalog.default_tariffs,
            "tax": self.catalog.default_tax,
            "country": self.catalog.default_country,
            "title": line.title,
            **self._values(line, ()),
            "time_zone_from": None,
        }
        values["tax_number"] = _checked_tax_number(values)
        values["profile"] = chosen_profile(values)
        _set_identifiers(values, {*values})
        _check(values, {*values})
        values["owner"] = self._owner(line, users)
        return New(line, values)

    def _values(self, line: OrganizationLine, held: Sequence[Tariff]) -> dict[str, Any]:
        """Return the given values, with tariffs that are not archived or that are `held`."""
        for tariff in line.given.get("tariffs", ()):
            if tariff.is_archived and tariff not in held:
                reason = _(
                    "Tariff plan “%(tariff)s” is archived and can no longer be assigned. "
                    "Choose another."
                )
                raise _at("tariffs", reason % {"tariff": tariff.name})
        values = dict(line.given)
        for name in ("tariffs", "tags"):
            if name in values:
                values[name] = list(values[name])
        return values

    def _owner(
        self, line: OrganizationLine, users: Mapping[str, User], before: User | None = None
    ) -> User:
        """Return the owner, who may have to be invited; one who stays may also be blocked."""
        user = users.get(line.owner)
        if user is None or line.owner in self.invited:
            new = User(email=line.owner, name=line.owner_name, role=Role.OWNER)
            return self.invited.setdefault(line.owner, new)
        if user == before:
            return user
        try:
            return OwnerField.checked(user)
        except ValidationError as error:
            raise _at("owner", *error.messages) from None

    def _refuse_repetition(self, line: OrganizationLine, organization: Organization | None) -> None:
        keys: list[tuple[str, Any]] = [("title", folded(line.title))]
        if number := _debtor_of(line):
            keys.append(("debtor_number", number))
        if organization is not None:
            keys.append(("pk", organization.pk))
        if watcher_id := line.given.get("watcher_id"):
            keys.append(("watcher_id", watcher_id))
        known = keys if organization else [*keys, ("title before", folded(line.title))]
        earlier = [self._seen[key] for key in known if key in self._seen]
        for key in keys:
            self._seen.setdefault(key, line.number)
        if earlier:
            raise ValidationError(
                _(
                    "Line %(line)s has the same title, Watcher ID or debtor number, or is the same "
                    "organization. Remove one of the lines, or correct it."
                )
                % {"line": min(earlier)}
            )


@dataclass(frozen=True)
class _Stored:
    """The organizations that some lines may mean."""

    by_watcher_id: Mapping[str, Organization]
    by_title: Mapping[str, Organization]

    @classmethod
    def find(cls, lines: Sequence[OrganizationLine], *, lock: bool) -> _Stored:
        titles = {folded(line.title) for line in lines}
        ids = {watcher_id for line in lines if (watcher_id := line.given.get("watcher_id"))}
        found = Organization.objects.alias(folded=Upper("title")).filter(
            Q(folded__in=titles) | Q(watcher_id__in=ids)
        )
        if lock:
            # In a fixed order, so that two transactions rarely deadlock.
            list(found.order_by("pk").select_for_update(no_key=True).values_list("pk"))
        details = BillingDetails.objects.select_related("tax")
        every = found.order_by().select_related("owner")
        every = every.prefetch_related(
            "tariffs", "tags", "earlier_time_zones", Prefetch("billing_details", details)
        )
        return cls(
            {each.watcher_id: each for each in every if each.watcher_id},
            {folded(each.title): each for each in every},
        )

    def of(self, line: OrganizationLine) -> tuple[Organization | None, Organization | None]:
        """Return the organization of a line: that of its Watcher ID, or else of its title.

        Return also another organization that has the title.
        """
        titled = self.by_title.get(folded(line.title))
        found = self.by_watcher_id.get(line.given.get("watcher_id") or "")
        return found or titled, titled if found and found != titled else None


def folded(title: str) -> str:
    """Return a title as PostgreSQL's upper() does, letter by letter: titles are unique by that."""
    return "".join(big if len(big := letter.upper()) == 1 else letter for letter in title)


_DEFAULTS: dict[str, Any] = {
    **dict.fromkeys(("trial_first_on", "trial_last_on", "watcher_id"), None),
    **dict.fromkeys(("contract_signed_on", "contract_last_on", "debtor_number"), None),
    **dict.fromkeys(("contract_number", "name", "street", "postal_code", "city"), ""),
    **dict.fromkeys(
        ("tax_number", "delivery_country", "billing_email", "profile", "buyer_kind"), ""
    ),
    **dict.fromkeys(_IDENTIFIERS, ""),
    **dict.fromkeys(("order_reference", "contract_reference", "project_reference"), ""),
    "invoice_language": Organization._meta.get_field("invoice_language").default,
    "attach_charges": False,
    "tags": [],
}


def _debtor_of(line: OrganizationLine) -> str | None:
    number: str | None = line.given.get("debtor_number")
    return number


def _users(lines: Iterable[OrganizationLine]) -> dict[str, User]:
    emails = {line.owner for line in lines if line.owner}
    return {user.email: user for user in User.objects.filter(email__in=emails).order_by()}


def _zone_after(before: Mapping[str, Any], given: Mapping[str, Any]) -> tuple[str, Any]:
    """Return the time zone and its first date; without a date, another one always applied."""
    zone, since = given.get("time_zone", before["time_zone"]), before["time_zone_from"]
    if zone != before["time_zone"]:
        return zone, given.get("time_zone_from")
    return zone, None if since is None else given.get("time_zone_from", since)


def _tags_after(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """Return tags with the spelling that they have, so that only other tags are a difference."""
    held = {name.casefold(): name for name in before}
    return sorted(held.get(name.casefold(), name) for name in after)


def _checked_tax_number(values: Mapping[str, Any]) -> str:
    """Return the tax ID as it is stored: what it may be depends on the country."""
    try:
        return checked_tax_id(values["tax_number"], values["country"])
    except ValidationError as error:
        raise _at("tax_number", *error.messages) from None


def _set_identifiers(values: dict[str, Any], changing: set[str]) -> None:
    """Set identifiers as they are stated, if what they depend on changes; refuse wrong ones."""
    if not changing & {*_IDENTIFIERS, "profile"}:
        return
    for name, found in [*checked_identifiers(values)]:
        if isinstance(found, ValidationError):
            raise _at(name, *found.messages)
        values[name] = found


def _check(values: Mapping[str, Any], changing: set[str]) -> None:
    """Refuse what the forms would refuse, of the values that change."""
    wrong = wrong_trial(values["trial_first_on"], values["trial_last_on"])
    if wrong and changing & {"trial_first_on", "trial_last_on"}:
        raise _at(*wrong)
    late = wrong_contract(values["contract_signed_on"], values["contract_last_on"])
    if late and changing & {"contract_signed_on", "contract_last_on"}:
        raise _at("contract_last_on", late)
    if values["tax"] and changing & {*_TAXED}:
        reason = wrong_tax_id(values["tax"], values["tax_number"], values["country"])
        if reason:
            raise _at("tax_number", str(reason))


def _at(field_name: str, *reasons: str) -> ValidationError:
    return ValidationError([f"{COLUMN_OF[field_name]}: {reason}" for reason in reasons])
