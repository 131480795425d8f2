"""What the stand-in answers outside Watcher's API: a page to look at and change cameras."""

from bisect import bisect_right
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

from watcher.standin.page import client
from watcher.standin.page.markup import (
    STYLE,
    Reader,
    add_form,
    camera_page,
    document,
    list_page,
    reader_of,
)
from watcher.standin.state.records import Camera
from watcher.standin.state.refusals import RefusedError
from watcher.standin.state.watcher import Watcher
from watcher.standin.web.calls import Calls
from watcher.standin.web.control import Control
from watcher.standin.web.faults import Faults
from watcher.standin.web.messages import Answer
from watcher.standin.web.pages import Pages

_PAGE = 50
_HOSTS = {"127.0.0.1", "localhost"}
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self';"
    " frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "no-store",
}
# Who changes what is changed on the page.
_PERSON = "admin"


class OwnPages:
    """Answer calls to `/standin/`, and lead `/` there."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher
        self._control: Control | None = None

    def connect(self, faults: Faults, calls: Calls, pages: Pages) -> None:
        """Open the control interface."""
        self._control = Control(self._watcher, faults, calls, pages)

    def answer(
        self, method: str, path: str, query: dict[str, str], headers: Mapping[str, str], body: bytes
    ) -> Answer:
        """Answer a call; only from pages of this server and from this machine's names."""
        reader = reader_of(headers)
        host = urlsplit(f"//{headers.get('host', '')}")
        origin = headers.get("origin")
        if host.hostname not in _HOSTS or (origin and urlsplit(origin).netloc != host.netloc):
            return _page(document(reader, "", error=reader["other_origin"]), 403)
        if path.startswith("/standin/api/") and self._control:
            return self._control.answer(method, path.removeprefix("/standin/api/"), query, body)
        if method == "POST":
            form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
            return self._posted(reader, path, form)
        return self._read(reader, path, query)

    def _read(self, reader: Reader, path: str, query: dict[str, str]) -> Answer:
        if path == "/standin/page.css":
            return Answer(text=STYLE, content_type="text/css; charset=utf-8")
        if path == client.SCRIPT_PATH:
            return Answer(text=client.SCRIPT, content_type="text/javascript; charset=utf-8")
        if path == client.PATH:
            headers = {**_HEADERS, "Content-Security-Policy": client.POLICY}
            return _page(client.client_page(reader), 200, headers)
        if path == "/favicon.ico":
            # Browsers ask for it, and report an error if there is none.
            return Answer(204)
        if path == "/":
            return Answer(302, text="", headers={"Location": "/standin/"})
        with self._watcher.state.lock:
            if path == "/standin/":
                return self._list(reader, query)
            if path == "/standin/camera":
                return self._camera(reader, query.get("name", ""), query)
        return _page(document(reader, "", error=reader["not_found"]), 404)

    def _posted(self, reader: Reader, path: str, form: dict[str, str]) -> Answer:
        actions = {
            "/standin/add": self._add,
            "/standin/change": self._change,
            "/standin/remove": self._remove,
        }
        if path not in actions:
            return _page(document(reader, "", error=reader["not_found"]), 404)
        with self._watcher.state.lock:
            return actions[path](reader, form)

    # --- Pages -----------------------------------------------------------------------------------

    def _list(
        self,
        reader: Reader,
        query: dict[str, str],
        *,
        sent: dict[str, str] | None = None,
        error: str = "",
    ) -> Answer:
        text, after = query.get("q", ""), query.get("after", "")
        cameras = self._found(text.lower(), after)
        listed = list_page(
            reader,
            self._watcher,
            cameras[:_PAGE],
            query=text,
            after=after,
            more=len(cameras) > _PAGE,
        )
        notice = ""
        for done in {"was_added", "was_deleted"} & query.keys():
            notice = reader.say(done, name=query[done])
        main = listed + add_form(reader, self._watcher, sent or {})
        return _page(document(reader, main, notice=notice, error=error), 400 if error else 200)

    def _found(self, text: str, after: str) -> list[Camera]:
        """Return one camera more than a page holds, if there is one."""
        state = self._watcher.state
        found: list[Camera] = []
        begin = bisect_right(state.names, after) if after else 0
        for at in range(begin, len(state.names)):
            camera = state.cameras[state.names[at]]
            if text in camera.name.lower() or text in camera.title.lower():
                found.append(camera)
            if len(found) > _PAGE:
                break
        return found

    def _camera(
        self, reader: Reader, name: str, query: dict[str, str], *, error: str = ""
    ) -> Answer:
        camera = self._watcher.state.cameras.get(name)
        if camera is None:
            return _page(document(reader, "", error=reader.say("gone", name=name)), 404)
        notice = reader.say("was_saved", name=name) if "was_saved" in query else ""
        main = camera_page(reader, self._watcher, camera)
        return _page(document(reader, main, notice=notice, error=error), 400 if error else 200)

    # --- Forms -----------------------------------------------------------------------------------

    def _add(self, reader: Reader, form: dict[str, str]) -> Answer:
        owner, preset = form.get("organization", ""), form.get("preset", "")
        if not (owner.isdecimal() and preset.isdecimal()):
            return self._list(reader, {}, sent=form, error=reader["number"])
        name = form.get("name", "").strip()
        try:
            self._watcher.cameras.add(
                name,
                by=_PERSON,
                title=form.get("title", ""),
                organization_id=int(owner),
                preset_id=int(preset),
            )
        except RefusedError as error:
            return self._list(reader, {}, sent=form, error=_refused(reader, error))
        return _redirect("/standin/", was_added=name)

    def _change(self, reader: Reader, form: dict[str, str]) -> Answer:
        name = form.get("name", "")
        camera = self._watcher.state.cameras.get(name)
        owner, preset = form.get("organization", ""), form.get("preset", "")
        if camera is None:
            return self._camera(reader, name, {})
        if form.get("seen") != _seen(camera):
            return self._camera(reader, name, {}, error=reader["changed_meanwhile"])
        if not (owner.isdecimal() and preset.isdecimal()):
            return self._camera(reader, name, {}, error=reader["number"])
        try:
            self._watcher.cameras.change(
                name,
                by=_PERSON,
                title=form.get("title", ""),
                organization_id=int(owner),
                preset_id=int(preset),
                disabled="disabled" in form,
            )
        except RefusedError as error:
            return self._camera(reader, name, {}, error=_refused(reader, error))
        return _redirect("/standin/camera", name=name, was_saved="1")

    def _remove(self, reader: Reader, form: dict[str, str]) -> Answer:
        name = form.get("name", "")
        camera = self._watcher.state.cameras.get(name)
        if camera is None:
            return self._camera(reader, name, {})
        if form.get("seen") != _seen(camera):
            return self._camera(reader, name, {}, error=reader["changed_meanwhile"])
        self._watcher.cameras.remove(name, by=_PERSON)
        return _redirect("/standin/", was_deleted=name)


def _seen(camera: Camera) -> str:
    return f"{camera.created_at}-{camera.changed_at}"


def _refused(reader: Reader, error: RefusedError) -> str:
    return reader.say("refused", title=error.title, pointer=error.pointer)


def _page(html: str, status: int, headers: dict[str, str] = _HEADERS) -> Answer:
    return Answer(status, text=html, content_type="text/html; charset=utf-8", headers=headers)


def _redirect(path: str, **query: str) -> Answer:
    return Answer(303, text="", headers={"Location": f"{path}?{urlencode(query)}"})
