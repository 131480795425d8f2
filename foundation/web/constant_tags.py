"""`{% url %}` and `{% translate %}` that work out once what is always the same.

Each page has some twenty addresses without arguments and thirty texts without variables in its
frame, and more in its forms. Django's own nodes were a quarter of what a small page did.
"""

from __future__ import annotations

from typing import Any

from django.template import Context, defaulttags
from django.template.base import Parser, Token
from django.template.defaulttags import URLNode
from django.templatetags import i18n
from django.templatetags.i18n import TranslateNode
from django.urls import get_script_prefix
from django.utils.translation import get_language


def url(parser: Parser, token: Token) -> URLNode:
    """Return the node of an address, which is kept if it has no arguments."""
    node = defaulttags.url(parser, token)
    if node.args or node.kwargs or node.view_name.is_var or node.view_name.filters:
        return node
    return _KeptAddress(node.view_name, [], {}, node.asvar)


def translate(parser: Parser, token: Token) -> TranslateNode:
    """Return the node of a translated text, which is kept if it has neither variables nor filters.

    A literal text is safe, so it does not depend on whether variables are escaped.
    """
    node = i18n.do_translate(parser, token)
    text = node.filter_expression
    if node.asvar or node.message_context or text.filters or text.var.literal is None:
        return node
    return _KeptTranslation(text, node.noop)


class _KeptAddress(URLNode):
    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self._kept: dict[tuple[str, bool], str] = {}

    def render(self, context: Context) -> str:
        key = (get_script_prefix(), context.autoescape)
        if key not in self._kept:
            shown = super().render(context)
            self._kept[key] = context[self.asvar] if self.asvar else shown
        if not self.asvar:
            return self._kept[key]
        context[self.asvar] = self._kept[key]
        return ""


class _KeptTranslation(TranslateNode):
    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self._kept: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        language = get_language()
        if language not in self._kept:
            self._kept[language] = super().render(context)
        return self._kept[language]
