"""The visible texts of a page, with the attributes that are shown or read aloud."""

from html.parser import HTMLParser

_TEXT_ATTRIBUTES = ("alt", "aria-description", "aria-label", "placeholder", "title", "data-label")
_WITHOUT_TEXT = ("script", "style", "code", "pre")
_VOID = ("br", "hr", "img", "input", "link", "meta", "source", "wbr")


class _Texts(HTMLParser):
    """Collects the texts in the page's own language."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.names: set[str] = set()
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in ("input", "select", "textarea", "button") and values.get("name"):
            self.names.add(values["name"] or "")
        # An element with a `lang` attribute is in another language.
        foreign = tag != "html" and "lang" in values
        if tag not in _VOID and (self._silent or tag in _WITHOUT_TEXT or foreign):
            self._silent.append(tag)
        if not self._silent:
            self.found += [values[name] or "" for name in _TEXT_ATTRIBUTES if name in values]
            texts = ("data-none-found", "data-not-activated", "data-signed-out", "data-failed")
            self.found += [values[name] or "" for name in texts if name in values]
            if tag == "input" and values.get("type") in ("submit", "button", "reset"):
                self.found.append(values.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if self._silent and tag == self._silent[-1]:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.found.append(data.strip())


def visible(html: str) -> tuple[list[str], set[str]]:
    """Return the texts of a page, and the names of its fields."""
    parser = _Texts()
    parser.feed(html)
    parser.close()
    return parser.found, parser.names
