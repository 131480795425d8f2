"""What has come of the organizations of a run: the outcome of each, and the amounts of drafts."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.serializers.json import DjangoJSONEncoder

from foundation.among import among
from invoices.issuing.drafts import Drafts
from invoices.issuing.refusals import AlreadyInvoiced, NothingToBill
from invoices.runs.models import RunDraft, RunItem

State = RunItem.State


class Sums(NamedTuple):
    """What an invoice comes to before and with tax."""

    net: Decimal
    total: Decimal


# The sums of an organization's invoices by currency.
Amounts = Mapping[str, Sums]


def record(items: Sequence[RunItem], drafted: Sequence[Drafts], now: datetime) -> list[Drafts]:
    """Store the outcome of each item; return the drafts that must be issued.

    One statement stores all that have the same outcome.
    """
    reviewed = _reviewed([item.pk for item in items if item.state == State.RELEASE])
    outcomes: dict[tuple[State, str, str], list[int]] = defaultdict(list)
    to_issue: list[Drafts] = []
    created: dict[int, Amounts] = {}
    changed: dict[int, Amounts] = {}
    for item, drafts in zip(items, drafted, strict=True):
        state, reason, details = _outcome(item, drafts, reviewed.get(item.pk, {}))
        outcomes[state, reason, json.dumps(details, cls=DjangoJSONEncoder)].append(item.pk)
        if state == State.DRAFTED:
            created[item.pk] = _amounts_of(drafts)
        elif state == State.CHANGED:
            changed[item.pk] = _amounts_of(drafts)
        else:
            to_issue += [drafts] if drafts.ready else []
    for (state, reason, stored), ids in outcomes.items():
        RunItem.objects.filter(among("pk", ids)).update(
            state=state, reason=reason, details=json.loads(stored), done_at=now
        )
    _replace({pk: _drafts(pk, amounts) for pk, amounts in created.items()})
    _replace({pk: _compared(pk, reviewed.get(pk, {}), found) for pk, found in changed.items()})
    return to_issue


def _outcome(item: RunItem, drafts: Drafts, reviewed: Amounts) -> tuple[State, str, dict[str, Any]]:
    """Return the state of an item, with the reason and its details.

    What is released is issued only if it comes to what was `reviewed`, also if that was nothing.
    """
    is_release = item.state == State.RELEASE
    match drafts.refusal:
        case None | NothingToBill() if is_release and _amounts_of(drafts) != reviewed:
            return State.CHANGED, "", {}
        case None:
            return State.DRAFTED if item.state == State.DRAFT else State.ISSUED, "", {}
        case NothingToBill():
            return State.NOTHING, "", {}
        case AlreadyInvoiced() as refusal if refusal.is_all_of(drafts.period):
            # Invoices for the same period that were issued by hand count as issued.
            return State.ISSUED, "", {}
        case refusal:
            return State.REFUSED, refusal.name, refusal.details


def _amounts_of(drafts: Drafts) -> Amounts:
    documents = [each.document for each in drafts.ready]
    return {each.currency: Sums(each.net, each.total) for each in documents}


def _reviewed(item_ids: Collection[int]) -> dict[int, Amounts]:
    """Return the reviewed amounts of items."""
    found: dict[int, dict[str, Sums]] = defaultdict(dict)
    if item_ids:
        for each in RunDraft.objects.filter(among("item", item_ids)):
            if each.net is not None and each.total is not None:
                found[each.item_id][each.currency] = Sums(each.net, each.total)
    return dict(found)


def _drafts(item_id: int, amounts: Amounts) -> list[RunDraft]:
    """Return drafts for people to review."""
    return [
        RunDraft(item_id=item_id, currency=currency, net=net, total=total)
        for currency, (net, total) in sorted(amounts.items())
    ]


def _compared(item_id: int, reviewed: Amounts, found: Amounts) -> list[RunDraft]:
    """Return drafts with the amounts that were reviewed and those that were found later."""
    nothing = (None, None)
    drafts = []
    for currency in sorted({*reviewed, *found}):
        (net, total), (new_net, new_total) = (
            amounts.get(currency, nothing) for amounts in (reviewed, found)
        )
        drafts.append(
            RunDraft(
                item_id=item_id,
                currency=currency,
                net=net,
                total=total,
                new_net=new_net,
                new_total=new_total,
            )
        )
    return drafts


def _replace(drafts: Mapping[int, Sequence[RunDraft]]) -> None:
    """Replace the drafts of items, by item id."""
    if drafts:
        RunDraft.objects.filter(item__in=drafts).delete()
        RunDraft.objects.bulk_create(each for own in drafts.values() for each in own)
