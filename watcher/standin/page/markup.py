"""The HTML of the stand-in's page, which has one style sheet and, but for auto-login, no script."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from urllib.parse import urlencode

from watcher.standin.page.texts import TEXTS, language_of
from watcher.standin.state.records import Camera
from watcher.standin.state.watcher import Watcher

STYLE = """
:root { color-scheme: light dark; --line: light-dark(#d8dde3, #3a424c);
  --soft: light-dark(#566270, #a3afbd); --accent: light-dark(#0b5cad, #78b6f4);
  --paper: light-dark(#fff, #15191e); --danger: light-dark(#b3261e, #ff9a92); }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 1.5rem 1rem 3rem; background: var(--paper);
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0 0 .5rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .75rem; }
.soft, small { color: var(--soft); }
a { color: var(--accent); }
form.row { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; }
.field { display: flex; flex-direction: column; flex: 1 1 12rem; min-width: 0; }
.check { display: flex; gap: .5rem; align-items: center; min-height: 2.5rem; }
input, select, button { font: inherit; padding: .4rem .6rem; border: 1px solid var(--soft);
  border-radius: .3rem; min-height: 2.5rem; max-width: 100%; }
input[type=checkbox] { min-height: 0; width: 1.2rem; height: 1.2rem; }
button { background: var(--accent); border-color: var(--accent); color: var(--paper);
  cursor: pointer; }
button.danger { background: none; color: var(--danger); border-color: var(--danger); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.table { overflow-x: auto; border: 1px solid var(--line); border-radius: .3rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: start; padding: .5rem .75rem; border-bottom: 1px solid var(--line); }
tr:last-child td { border-bottom: 0; } td { overflow-wrap: anywhere; min-width: 7rem; }
time { white-space: nowrap; }
.notice, .error { border: 1px solid var(--line); border-inline-start: .3rem solid var(--accent);
  padding: .6rem .9rem; margin: 1rem 0; }
.error { border-inline-start-color: var(--danger); }
"""
# More organizations than these do not fit a list to choose from.
_MOST_CHOICES = 300


@dataclass(frozen=True)
class Reader:
    """Who reads the page: the texts in their language."""

    language: str
    texts: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return escape(self.texts[name])

    def say(self, name: str, /, **values: object) -> str:
        """Return a text with values, for HTML."""
        return escape(self.texts[name].format(**values))


def reader_of(headers: Mapping[str, str]) -> Reader:
    """Return who reads the page, by the languages that the browser prefers."""
    language = language_of(headers.get("accept-language", ""))
    return Reader(language, TEXTS[language])


def document(reader: Reader, main: str, *, notice: str = "", error: str = "") -> str:
    """Return a whole page."""
    said = f'<p class="notice" role="status">{notice}</p>' if notice else ""
    said += f'<p class="error" role="alert">{error}</p>' if error else ""
    return (
        f'<!doctype html><html lang="{reader.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{reader['title']}</title>"
        '<link rel="stylesheet" href="/standin/page.css"></head><body>'
        f'<header><h1>{reader["title"]}</h1><p class="soft">{reader["intro"]}</p></header>'
        f"<main>{said}{main}</main></body></html>"
    )


def list_page(
    reader: Reader, watcher: Watcher, cameras: list[Camera], *, query: str, after: str, more: bool
) -> str:
    """Return the list of cameras, with a search and a form that adds one."""
    links = []
    if after:
        links.append(_link("/standin/", {"q": query}, reader["first"]))
    if more:
        links.append(_link("/standin/", {"q": query, "after": cameras[-1].name}, reader["next"]))
    shown = reader.say("shown", shown=len(cameras), all=len(watcher.state.cameras))
    rows = [_row(reader, watcher, camera) for camera in cameras]
    heads = ("name", "camera_title", "organization", "preset", "state", "changed")
    table = _table([reader[one] for one in heads], rows, reader["cameras"])
    return (
        f"<h2>{reader['cameras']}</h2>"
        '<form class="row" method="get" action="/standin/">'
        f"{_text(reader['search'], 'q', query)}<button>{reader['find']}</button></form>"
        f'<p class="soft">{shown if cameras else reader["nothing"]}</p>'
        f"{table if cameras else ''}<p>{' · '.join(links)}</p>"
    )


def add_form(reader: Reader, watcher: Watcher, sent: dict[str, str]) -> str:
    """Return the form that adds a camera, with what was sent if it was refused."""
    return (
        f"<h2>{reader['add']}</h2>"
        '<form class="row" method="post" action="/standin/add">'
        f"{_text(reader['name'], 'name', sent.get('name', ''), reader['name_help'])}"
        f"{_text(reader['camera_title'], 'title', sent.get('title', ''))}"
        f"{_choices(reader, watcher, sent.get('organization', ''), sent.get('preset', ''))}"
        f"<button>{reader['add']}</button></form>"
    )


def camera_page(reader: Reader, watcher: Watcher, camera: Camera) -> str:
    """Return a camera with the forms that change and delete it, and what it was before."""
    name = escape(camera.name, quote=True)
    hidden = (
        f'<input type="hidden" name="name" value="{name}">'
        f'<input type="hidden" name="seen" value="{camera.created_at}-{camera.changed_at}">'
    )
    checked = " checked" if camera.disabled else ""
    return (
        f"<p>{_link('/standin/', {}, reader['back'])}</p><h2>{name}</h2>"
        f'<form class="row" method="post" action="/standin/change">{hidden}'
        f"{_text(reader['camera_title'], 'title', camera.title)}"
        f"{_choices(reader, watcher, str(camera.organization_id), str(camera.preset_id))}"
        '<span class="check"><input type="checkbox" id="disabled" name="disabled" value="1"'
        f'{checked}><label for="disabled">{reader["disabled"]}</label></span>'
        f"<button>{reader['save']}</button></form>"
        f"<h2>{reader['history']}</h2>{_history(reader, watcher, camera.name)}"
        f'<form method="post" action="/standin/remove"><p>{hidden}'
        f'<button class="danger">{reader["delete"]}</button></p></form>'
    )


def _history(reader: Reader, watcher: Watcher, name: str) -> str:
    rows = []
    for span in reversed(watcher.state.spans(name)):
        until = reader["now"] if span.ended_at is None else _instant(span.ended_at)
        owner, preset = _titles(watcher, span.organization_id, span.preset_id)
        state = reader["disabled" if span.disabled else "enabled"]
        rows.append([_instant(span.started_at), until, escape(owner), escape(preset), state])
    heads = ("from", "to", "organization", "preset", "state")
    return _table([reader[one] for one in heads], rows, reader["history"])


def _row(reader: Reader, watcher: Watcher, camera: Camera) -> list[str]:
    owner, preset = _titles(watcher, camera.organization_id, camera.preset_id)
    return [
        _link("/standin/camera", {"name": camera.name}, escape(camera.name)),
        escape(camera.title),
        escape(owner),
        escape(preset),
        reader["disabled" if camera.disabled else "enabled"],
        f"{_instant(camera.changed_at)} {reader.say('by', login=camera.changed_by)}",
    ]


def _titles(watcher: Watcher, organization_id: int, preset_id: int) -> tuple[str, str]:
    organization = watcher.state.organizations.get(organization_id)
    owner = organization.title if organization else f"#{organization_id}"
    return owner, watcher.state.presets[preset_id].title


def _choices(reader: Reader, watcher: Watcher, organization: str, preset: str) -> str:
    state = watcher.state
    presets = [one for one in state.presets.values() if one.deleted_at is None]
    if len(state.organizations) > _MOST_CHOICES:
        owner = _text(f"{reader['organization']} (id)", "organization", organization)
    else:
        owners = ((one.id, one.title) for one in state.organizations.values())
        owner = _select(reader["organization"], "organization", owners, organization)
    titles = ((one.id, one.title) for one in presets)
    return owner + _select(reader["preset"], "preset", titles, preset)


def _select(label: str, name: str, choices: Iterable[tuple[int, str]], chosen: str) -> str:
    options = "".join(
        f'<option value="{pk}"{" selected" if str(pk) == chosen else ""}>{escape(title)}</option>'
        for pk, title in choices
    )
    return (
        f'<span class="field"><label for="{name}">{label}</label>'
        f'<select id="{name}" name="{name}">{options}</select></span>'
    )


def _text(label: str, name: str, value: str, help_: str = "") -> str:
    described = f' aria-describedby="{name}-help"' if help_ else ""
    text = f'<small id="{name}-help">{help_}</small>' if help_ else ""
    return (
        f'<span class="field"><label for="{name}">{label}</label>'
        f'<input id="{name}" name="{name}" value="{escape(value, quote=True)}"{described}>'
        f"{text}</span>"
    )


def _table(heads: list[str], rows: list[list[str]], label: str) -> str:
    head = "".join(f'<th scope="col">{one}</th>' for one in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return (
        f'<div class="table" role="region" tabindex="0" aria-label="{label}"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _link(path: str, query: dict[str, str], text: str) -> str:
    query = {name: value for name, value in query.items() if value}
    address = f"{path}?{urlencode(query)}" if query else path
    return f'<a href="{escape(address, quote=True)}">{text}</a>'


def _instant(ms: int) -> str:
    return f"<time>{datetime.fromtimestamp(ms // 1000, UTC):%Y-%m-%d %H:%M:%S}</time>"
