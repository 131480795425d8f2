"""Tests of which addresses are paths within the site."""

import pytest

from foundation.web.return_addresses import is_path_within

OURS = "/tariffs/?q=a%20b&page=2"
NOT_OURS = {
    "a bare word": "foo",
    "the name of a page": "tariffs:list",
    "a relative path": "tariffs/",
    "another site": "https://evil.example/",
    "another site, without a scheme": "//evil.example",
    "another site, with three slashes": "///evil.example",
    "an invalid host": "//[",
    "a backslash": "\\evil",
    "a backslash after the slash": "/\\evil.example",
    "a tab that browsers remove": "/\t/evil.example",
    "a line break": "/a\r\nX-Evil: 1",
    "a null character": "/a\0",
    "a script": "javascript:alert(1)",
    "an empty text": "",
    "a very long path": "/" + "a" * 100_000,
}


@pytest.mark.parametrize("wanted", [OURS, "/", "/organizations/1/?q=Straße"])
def test_a_path_within_the_site_is_accepted(wanted: str) -> None:
    assert is_path_within(wanted)


@pytest.mark.parametrize("wanted", NOT_OURS.values(), ids=NOT_OURS)
def test_any_other_address_is_refused(wanted: str) -> None:
    assert not is_path_within(wanted)
