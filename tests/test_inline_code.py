"""No template contains an inline style or script: the browser would refuse it."""

from pathlib import Path

import pytest

from tests.markup import inline_code

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


@pytest.mark.parametrize(
    "html",
    [
        '<p style="color: red">',
        "<style>p {}</style>",
        "<script>go()</script>",
        '<script type="module">go()</script>',
        '<button onclick="go()">',
        "<svg><rect ONLOAD=go()></svg>",
        '<a href=" JavaScript:go()">',
        '<form hx-on:submit="go()">',
    ],
)
def test_inline_code_is_found(html: str) -> None:
    assert len(inline_code(html)) == 1


def test_similar_markup_is_allowed() -> None:
    assert (
        inline_code('<script src="/x.js"></script><script type="application/json">{}</script>')
        == []
    )
    assert inline_code('<svg><rect fill="red" class="style"/></svg><a href="/online/">on</a>') == []


@pytest.mark.parametrize(
    "template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES))
)
def test_no_template_has_inline_code(template: Path) -> None:
    # Mail programs need inline styles.
    assert "mail" in template.parts or inline_code(template.read_text()) == []
