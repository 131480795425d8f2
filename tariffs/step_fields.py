"""A form field for the volume steps of a price version."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.formats import localize_input, number_format, sanitize_separators
from django.utils.functional import lazy
from django.utils.translation import gettext

from tariffs.forms import AmountField
from tariffs.steps import Step, Steps, bound_text

MOST_STEPS = 20
_FREE_ROWS = 4
# The smallest number of camera-months that is too large for its column.
_TOO_MANY = Decimal(10**10)
_BOUND, _AMOUNT = "steps_from", "steps_price"


def _bound_rule() -> str:
    return gettext(
        "Enter a number of camera-months above 0 with up to 6 decimal places and no thousands "
        "separators, for example %(example)s."
    ) % {"example": number_format("2.5")}


_BOUND_RULE = lazy(_bound_rule, str)()
_PLAIN_BOUND = RegexValidator(r"^[0-9]+(\.[0-9]{1,6})?\Z", _BOUND_RULE)


class StepsWidget(forms.Widget):
    """Rows of two inputs: from how many camera-months, and the price."""

    template_name = "tariffs/steps_widget.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[tuple[str, str]]:
        """Return the pairs that were sent, also empty ones, as a person sees them in rows."""
        bounds, amounts = (_all_of(data, each) for each in (_BOUND, _AMOUNT))
        return list(zip(bounds, amounts, strict=False))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Return whether no row was sent."""
        return _BOUND not in data

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Return the rows to show: those with values, and some that are free."""
        context = super().get_context(name, None, attrs)
        rows = [tuple(map(localize_input, row)) for row in value or () if any(row)]
        number = min(len(rows) + _FREE_ROWS, max(MOST_STEPS, len(rows)))
        rows += [("", "")] * (number - len(rows))
        names = {"bound_name": _BOUND, "amount_name": _AMOUNT}
        # Errors are shown only if the rows are.
        given = context["widget"]["attrs"]
        is_invalid = "is-invalid" in given.get("class", "")
        shown = {
            "rows": rows,
            "is_invalid": is_invalid,
            "is_open": any(map(any, rows)) or is_invalid,
            "described_by": given.get("aria-describedby", ""),
        }
        return context | shown | names

    def id_for_label(self, id_: str) -> str:
        """Return nothing: each input has a label of its own."""
        return ""


class HiddenSteps(StepsWidget):
    """The same values, hidden."""

    template_name = "tariffs/hidden_steps.html"
    input_type = "hidden"

    @property
    def is_hidden(self) -> bool:
        """Say so."""
        return True


def _all_of(data: Any, name: str) -> list[str]:
    if hasattr(data, "getlist"):
        return list(data.getlist(name))
    value = data.get(name, [])
    return [value] if isinstance(value, str) else list(value)


class StepsField(forms.Field):
    """The volume steps of a price, in any order. Each error names its row."""

    widget = StepsWidget
    hidden_widget = HiddenSteps

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self._amount = AmountField()

    def to_python(self, value: Any) -> Steps:
        """Return the steps, lowest bound first. Rows without entries are left out."""
        steps: dict[Decimal, Step] = {}
        errors: list[str] = []
        for number, (bound, amount) in enumerate(value or (), 1):
            if not bound.strip() and not amount.strip():
                continue
            try:
                step = self._step(bound, amount)
                if step.camera_months in steps:
                    raise ValidationError(
                        gettext("Another step starts at %(bound)s camera-months too.")
                        % {"bound": bound_text(step.camera_months)}
                    )
            except ValidationError as error:
                text = gettext("Step %(number)s: %(error)s")
                errors += [text % {"number": number, "error": each} for each in error.messages]
            else:
                steps[step.camera_months] = step
        if errors:
            raise ValidationError(errors)
        if len(steps) > MOST_STEPS:
            raise ValidationError(gettext("Enter up to %(number)s steps.") % {"number": MOST_STEPS})
        return tuple(sorted(steps.values()))

    def _step(self, bound: str, amount: str) -> Step:
        text = str(sanitize_separators(bound)).strip()
        _PLAIN_BOUND(text)
        camera_months = Decimal(text)
        if not 0 < camera_months < _TOO_MANY:
            raise ValidationError(_BOUND_RULE)
        return Step(camera_months, self._amount.clean(amount))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether the values differ, as text."""
        return [tuple(map(str, row)) for row in initial or ()] != [*map(tuple, data or ())]
