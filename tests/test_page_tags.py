"""The template filters of every page, and the formats that are kept."""

from datetime import UTC, date, datetime
from decimal import Decimal
from unittest.mock import patch

import pytest
from django import forms
from django.template import Context, Template, defaulttags
from django.templatetags import i18n
from django.test.utils import override_script_prefix
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from foundation.web import builtin_tags
from foundation.web.addresses import address_of
from organizations.countries import country_choices
from tariffs.currencies import currency_choices
from tariffs.money import format_money

SPACE = "\N{NO-BREAK SPACE}"


def rendered(template: str, **context: object) -> str:
    return Template(template).render(Context(context))


def of_django(text: str) -> Template:
    """Return a template with the tags that Django has, instead of ours of the same names."""
    translate = dict.fromkeys(("translate", "trans"), i18n.do_translate)
    with (
        patch.dict(i18n.register.tags, translate),
        patch.dict(builtin_tags.register.tags, {"url": defaulttags.url}),
    ):
        return Template(text)


def test_a_date_is_shown_in_the_language_of_each_page() -> None:
    shown = []
    for language in ("en", "ru", "en"):
        with override(language):
            shown.append(rendered("{{ day|date }}", day=date(2026, 11, 3)))

    assert shown == ["3 Nov 2026", "03.11.2026", "3 Nov 2026"]


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("{{ instant|date:'H:i' }}", "00:05"),
        ("{{ instant|date:'j M Y' }}", "4 Nov 2026"),
        ("{{ instant|instant }}", "4 Nov 2026 00:05:09"),
        ("{% localtime off %}{{ instant|instant }}{% endlocaltime %}", "3 Nov 2026 23:05:09"),
        ("{{ nothing|date }}", ""),
        ("{{ text|date }}", ""),
    ],
)
def test_an_instant_is_shown_in_the_time_zone_of_the_page(template: str, shown: str) -> None:
    with timezone.override("Europe/Berlin"):
        found = rendered(
            "{% load pages tz %}" + template,
            instant=datetime(2026, 11, 3, 23, 5, 9, tzinfo=UTC),
            nothing=None,
            text="not a date",
        )

    assert found == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [("0", "EUR 0.00"), ("-0.00", "-EUR 0.00"), ("9.5", "EUR 9.50"), ("9.5000", "EUR 9.50")],
)
def test_an_amount_is_shown_alike_whatever_was_shown_before(number: str, shown: str) -> None:
    for other in ("0", "-0.00", "9.5", "9.5000"):
        format_money(Decimal(other), "EUR")

    assert format_money(Decimal(number), "EUR") == shown.replace(" ", SPACE)


@pytest.mark.parametrize("name", ["usage:usages", "organizations:edit", "invoices:invoice"])
def test_the_address_of_an_object_is_the_one_that_django_gives(name: str) -> None:
    for pk in (1, 20, 7_340_991_827):
        assert address_of(pk, name) == reverse(name, args=[pk])
        assert rendered("{{ pk|address_of:name }}", pk=pk, name=name) == reverse(name, args=[pk])


def test_the_choices_of_a_field_are_in_the_language_of_each_page() -> None:
    with override("en"):
        assert ("DE", "Germany") in country_choices()
        assert ("EUR", "EUR – Euro") in currency_choices()
    with override("ru"):
        assert ("DE", "Германия") in country_choices()
        assert ("EUR", "EUR – евро") in currency_choices()
    with override("en"):
        assert ("DE", "Germany") in country_choices()


class _Form(forms.Form):
    size = forms.ChoiceField(
        choices=[("", "None"), ("<s>", "Small & light"), ("Groups", [(2, "Two"), (3, "Three")])],
        widget=forms.Select(attrs={"data-x": '"', "multiple": False, "autofocus": True}),
    )


def test_a_select_field_has_its_options() -> None:
    html = str(_Form(initial={"size": 3})["size"])

    start = '<select name="size" data-x="&quot;" id="id_size" autofocus required>'
    assert html.strip().startswith(start)
    assert '<option value="">None</option>' in html
    assert '<option value="&lt;s&gt;">Small &amp; light</option>' in html
    assert '<optgroup label="Groups">' in html
    assert '<option value="2">Two</option>' in html
    assert '<option value="3" selected>Three</option>' in html


@pytest.mark.parametrize(
    "tag",
    [
        "{% url 'organizations:list' %}",
        "{% url 'organizations:list' as there %}{{ there }}",
        "{% url 'nowhere' as there %}<{{ there }}>",
        "{% url name %}",
        "{% url 'organizations:edit' 5 %}",
        "{% url 'admin:index' %}",
    ],
)
def test_an_address_is_the_one_that_django_gives(tag: str) -> None:
    ours, django = Template(tag), of_django(tag)
    for prefix in ("/", "/billing/", "/"):
        with override_script_prefix(prefix):
            context = Context({"name": "tariffs:list"})
            assert ours.render(context) == django.render(context)


@pytest.mark.parametrize("wrapped", ["{}", "{{% autoescape off %}}{}{{% endautoescape %}}"])
@pytest.mark.parametrize(
    "tag",
    [
        '{% translate "Save" %}',
        '{% trans "Save" %}',
        '{% translate "100 % of A & B <" %}',
        '{% translate "Save" noop %}',
        '{% translate "Save"|upper %}',
        '{% translate "Save" as text %}{{ text }}',
        '{% translate "May" context "month" %}',
        "{% translate name %}",
    ],
)
def test_a_text_is_translated_as_by_django(tag: str, wrapped: str) -> None:
    text = f"{{% load i18n %}}{wrapped.format(tag)}"
    ours, django = Template(text), of_django(text)
    for name, language in (("Save", "en"), ("<Edit>", "ru"), ("Edit", "en"), ("Save", None)):
        with override(language):
            context = {"name": name}
            assert ours.render(Context(context)) == django.render(Context(context))
