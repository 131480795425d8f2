"""The stand-in's page, on which people look at cameras and change them."""

import re
from html import escape, unescape

import httpx
import pytest

from tests.markup import inline_code
from watcher.standin.page.texts import TEXTS
from watcher.standin.standin import Size, StandIn


@pytest.fixture
def name(standin: StandIn) -> str:
    """The name of a camera."""
    return standin.state.names[0]


def page(standin: StandIn, path: str = "/standin/", **query: str) -> str:
    """Return a page without entities."""
    # httpx takes even empty parameters in place of those in the address.
    answer = httpx.get(standin.url + path, params=query or None)
    assert answer.status_code == 200
    return unescape(answer.text)


def form_of(standin: StandIn, name: str) -> dict[str, str]:
    """Return what the form of a camera sends unchanged."""
    camera = standin.state.cameras[name]
    html = page(standin, "/standin/camera", name=name)
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', html))
    return {
        **hidden,
        "title": camera.title,
        "organization": str(camera.organization_id),
        "preset": str(camera.preset_id),
    }


def post(standin: StandIn, path: str, form: dict[str, str]) -> httpx.Response:
    """Send a form and follow where it leads."""
    return httpx.post(standin.url + path, data=form, follow_redirects=True)


def test_the_root_leads_to_the_cameras(standin: StandIn) -> None:
    answer = httpx.get(standin.url, follow_redirects=True)
    assert answer.url.path == "/standin/"
    assert all(name in answer.text for name in standin.state.names)


def test_a_camera_is_changed(standin: StandIn, name: str) -> None:
    other = next(
        pk
        for pk in standin.state.organizations
        if pk != standin.state.cameras[name].organization_id
    )
    preset = list(standin.state.presets)[1]
    form = {
        **form_of(standin, name),
        "title": "Gate <9>",
        "organization": str(other),
        "preset": str(preset),
        "disabled": "1",
    }
    answer = post(standin, "/standin/change", form)
    assert f"{name} was saved." in answer.text
    assert "Gate &lt;9&gt;" in answer.text
    camera = standin.state.cameras[name]
    assert (camera.title, camera.organization_id, camera.preset_id, camera.disabled) == (
        "Gate <9>",
        other,
        preset,
        True,
    )
    assert camera.changed_by == "admin"
    del form["disabled"]
    form["seen"] = form_of(standin, name)["seen"]
    post(standin, "/standin/change", form)
    assert standin.state.cameras[name].disabled is False


def test_a_page_that_is_out_of_date_changes_nothing(standin: StandIn, name: str) -> None:
    form = form_of(standin, name)
    standin.clock.advance(seconds=1)
    standin.cameras.rename(name, title="Changed elsewhere")
    for path in ("/standin/change", "/standin/remove"):
        answer = post(standin, path, {**form, "title": "Mine"})
        assert answer.status_code == 400
        assert "was changed after you opened this page" in answer.text
        assert standin.state.cameras[name].title == "Changed elsewhere"


def test_a_camera_is_added_and_deleted_once(standin: StandIn) -> None:
    organization = next(iter(standin.state.organizations))
    preset = next(iter(standin.state.presets))
    form = {
        "name": "new/one",
        "title": "New",
        "organization": str(organization),
        "preset": str(preset),
    }
    assert "new/one was added." in post(standin, "/standin/add", form).text
    again = post(standin, "/standin/add", form)
    assert again.status_code == 400
    assert "Watcher refuses this" in again.text
    assert 'value="new/one"' in again.text
    sent = form_of(standin, "new/one")
    assert "new/one was deleted." in post(standin, "/standin/remove", sent).text
    assert post(standin, "/standin/remove", sent).status_code == 404
    assert "new/one" not in standin.state.cameras


def test_the_history_is_shown(standin: StandIn, name: str) -> None:
    standin.cameras.change(name, disabled=False)
    standin.clock.stop_at("2026-11-01T13:00:00Z")
    standin.cameras.disable(name)
    html = page(standin, "/standin/camera", name=name)
    assert "<td><time>2026-11-01 13:00:00</time></td><td>now</td>" in html


def test_a_search_and_pages() -> None:
    with StandIn(Size(organizations=3, cameras=120)) as standin:
        first = page(standin)
        assert "50 of 120 cameras" in first
        seen = re.findall(r"/standin/camera\?name=[^\"]+", first)
        following = re.search(r'href="(/standin/\?after=[^"]+)"', first)
        assert following
        second = page(standin, following[1])
        assert not set(seen) & set(re.findall(r"/standin/camera\?name=[^\"]+", second))
        found = page(standin, q="LINDENHOF")
        assert "40 of 120 cameras" in found
        assert "No cameras match." in page(standin, q="nothing like it")


def test_many_organizations_are_chosen_by_id() -> None:
    with StandIn(Size(organizations=301, cameras=1)) as standin:
        assert '<select id="organization"' not in page(standin)
        form = {"name": "new", "organization": "x", "preset": "1"}
        answer = post(standin, "/standin/add", form)
        assert "Choose an organization and a preset." in answer.text


def test_another_site_cannot_send_the_form(standin: StandIn, name: str) -> None:
    form = form_of(standin, name)
    headers = {"Origin": "http://evil.example"}
    answer = httpx.post(f"{standin.url}/standin/remove", data=form, headers=headers)
    assert answer.status_code == 403
    assert name in standin.state.cameras


def test_texts_are_in_both_languages(standin: StandIn, name: str) -> None:
    assert TEXTS["ru"].keys() == TEXTS["en"].keys()
    for key, text in TEXTS["en"].items():
        assert set(re.findall(r"{\w+}", TEXTS["ru"][key])) == set(re.findall(r"{\w+}", text))
    headers = {"Accept-Language": "ru-RU,ru;q=0.9,en;q=0.8"}
    for path in ("/standin/", f"/standin/camera?name={name}"):
        html = httpx.get(standin.url + path, headers=headers).text
        assert 'lang="ru"' in html
        assert escape(TEXTS["ru"]["intro"]) in html
    unknown = httpx.get(f"{standin.url}/standin/", headers={"Accept-Language": "fi"})
    assert 'lang="en"' in unknown.text


def test_a_form_of_api_v2_signs_in_once(standin: StandIn) -> None:
    form = {"autologin_token": standin.sessions.autologin_token("lindenhof-eg")}
    address = f"{standin.url}/vsaas/autologin"
    assert "Signed in as lindenhof-eg." in httpx.post(address, data=form).text
    again = httpx.post(address, data=form)
    assert again.status_code == 403
    assert "Nobody is signed in" in again.text


def test_nothing_is_inline_and_unknown_pages_say_so(standin: StandIn, name: str) -> None:
    for path in ("/standin/", f"/standin/camera?name={name}", "/watcher/client/"):
        answer = httpx.get(standin.url + path)
        assert inline_code(answer.text) == []
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert httpx.get(f"{standin.url}/standin/nowhere").status_code == 404
    assert httpx.get(f"{standin.url}/nowhere").status_code == 404
    assert httpx.get(f"{standin.url}/standin/camera?name=no").status_code == 404
