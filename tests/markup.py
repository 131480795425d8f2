"""Detection of inline code, which a strict Content-Security-Policy forbids."""

from html.parser import HTMLParser

_ADDRESSES = ("href", "src", "action", "formaction", "xlink:href")
# These contain data for scripts, not scripts.
_DATA_TYPES = ("application/json", "application/ld+json")


class _InlineCode(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "style":
            self._complain(tag, "")
        if tag == "script" and "src" not in values and values.get("type") not in _DATA_TYPES:
            self._complain(tag, "")
        for name, value in attrs:
            script = name in _ADDRESSES and (value or "").strip().lower().startswith("javascript:")
            # htmx runs hx-on attributes as code, but a browser cannot know that.
            if name == "style" or name.startswith(("on", "hx-on", "data-hx-on")) or script:
                self._complain(tag, f" {name}={value!r}")

    def _complain(self, tag: str, what: str) -> None:
        self.found.append(f"line {self.getpos()[0]}: <{tag}{what}>")


def inline_code(html: str) -> list[str]:
    """Return the inline styles and scripts of a page, each with its line."""
    parser = _InlineCode()
    parser.feed(html)
    parser.close()
    return parser.found
