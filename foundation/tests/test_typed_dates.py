"""Dates and times are typed as the reader's language writes them, or in ISO 8601."""

from datetime import date, datetime

import pytest
from django import forms
from django.utils.translation import gettext, override

from foundation.web.fields import DateField, LocalTimeField, MonthField


class Typed(forms.Form):
    day = DateField()
    at = LocalTimeField()


@pytest.mark.parametrize(
    ("language", "day", "at"),
    [
        ("en", "2026-11-03", "2026-11-03 08:05:00"),
        ("en", "2026-11-03", "2026-11-03T08:05"),
        ("en", " 3 Nov 2026 ", "3 Nov 2026 08:05"),
        ("ru", "03.11.2026", "03.11.2026 08:05:00"),
        ("ru", "3.11.26", "3.11.2026 8:05"),
        ("ru", "2026-11-03", "2026-11-03T08:05:00"),
    ],
)
def test_what_is_read(language: str, day: str, at: str) -> None:
    with override(language):
        form = Typed({"day": day, "at": at})
        assert form.is_valid(), form.errors
    assert form.cleaned_data == {"day": date(2026, 11, 3), "at": datetime(2026, 11, 3, 8, 5)}


@pytest.mark.parametrize(
    ("language", "day", "at"),
    [
        ("en", "03.11.2026", "03.11.2026 08:05:00"),
        ("en", "03/04/2026", "03/04/2026 08:05"),
        ("ru", "31.02.2026", "31.02.2026 08:05"),
        ("ru", "03.11.2026x", "2026-02-30 08:05"),
    ],
)
def test_what_is_refused_is_shown_as_it_was_typed(language: str, day: str, at: str) -> None:
    with override(language):
        form = Typed({"day": day, "at": at})
        assert set(form.errors) == {"day", "at"}
        assert (form["day"].value(), form["at"].value()) == (day, at)


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", ("2026-11-03", "2026-11-03 08:05:00")),
        ("ru", ("03.11.2026", "03.11.2026 08:05:00")),
    ],
)
def test_a_field_shows_its_format(language: str, shown: tuple[str, str]) -> None:
    stored = {"day": date(2026, 11, 3), "at": datetime(2026, 11, 3, 8, 5)}
    linked = {"day": "2026-11-03", "at": "2026-11-03T08:05:00"}
    with override(language):
        for form in (Typed(initial=stored), Typed(linked)):
            assert f'value="{shown[0]}"' in str(form["day"])
            assert f'value="{shown[1]}"' in str(form["at"])
            assert f'placeholder="{gettext("yyyy-mm-dd")}"' in str(form["day"])


class TypedMonth(forms.Form):
    month = MonthField()


@pytest.mark.parametrize(("language", "shown"), [("en", "2026-11"), ("ru", "11.2026")])
def test_a_month_is_shown_as_the_language_writes_it_and_read_in_both_ways(
    language: str, shown: str
) -> None:
    with override(language):
        for typed in ("2026-11", "11.2026", " 11.2026 "):
            form = TypedMonth({"month": typed})
            assert form.is_valid(), form.errors
            assert form.cleaned_data == {"month": date(2026, 11, 1)}
            assert f'value="{shown}"' in str(form["month"])
        assert f'placeholder="{gettext("yyyy-mm")}"' in str(TypedMonth()["month"])
        assert f'value="{shown}"' in str(TypedMonth(initial={"month": date(2026, 11, 1)})["month"])


@pytest.mark.parametrize("month", ["2026-13", "13.2026", "2026", "1999-12", "2200-01", "soon", ""])
def test_what_is_not_a_month_is_refused_and_shown_as_it_was_typed(month: str) -> None:
    form = TypedMonth({"month": month})

    assert list(form.errors) == ["month"]
    assert f'value="{month}"' in str(form["month"]) or not month
