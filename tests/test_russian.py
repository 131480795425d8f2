"""No page shows English to someone who reads Russian."""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client

from foundation.web.time_zones import current_time_zones
from organizations.agreement.imports.columns import COLUMNS as OF_TERMS
from organizations.agreement.imports.columns import ENTRIES
from organizations.billing.identifiers import endpoint_schemes
from organizations.billing.profiles import Profile
from organizations.imports.columns import COLUMNS
from tests.addresses import PEOPLE, ROUTES, World, make_world
from tests.visible import visible

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("captured_mail")]

# Names from the factories, and what has no Russian form: addresses, codes of currencies and
# languages, numbers, commands, columns of files and their values, names of products, fonts and
# formats.
_NO_ENGLISH = re.compile(
    rf"""\S+@\S+ | (?:^|\s)/\S+ | \b(?:Organization|Tariff|Camera|Person)[ ]\d+
    | (?:camera|gate)-\d+
    | https?://\S+ | ^billing$ | \b(?:Tenant|Preset)[ ]\d+
    | Ann[ ]Lee | Call[ ]back | Harbour[ ]Storage[ ]GmbH | 5[ ]Quay | Hamburg
    | \bRF\d\d(?:[ ][A-Z0-9]{{1,4}})+
    | Main[ ]account | \bMuster\b | \b(?:preset|camera|user|organization):\w+
    | \bIBM[ ]Plex[ ](?:Sans|Serif)\b | \bNoto(?:[ ]Sans)?\b | \bSource[ ]Sans[ ]3\b
    | Watchful[ ]Ltd | 1[ ]Harbour[ ]Road | Berlin | Demo[ ]Bank | BYLADEM1001
    | \b[A-Z]{{3}}\b | \b(?:CN|RU|DE|en|ru)\b | \b[A-Z]{{2}}\d+\b | \b[0-9a-f]{{8,64}}\b
    | Europe/Berlin | \{{(?:due_date|days)\}}
    | Steuerfrei[ ]als[ ]Kleinunternehmer[ ]gemäß[ ]§[ ]19[ ]UStG
    | \bFA\(3\)
    | \bcbt_[\w-]+ | \bAPI\b
    | manage\.py[ ]\w+ | \b[\w-]+\.(?:csv|xlsx|log|xml)\b
    | \bCore\b | \bDE98ZZZ09999999999\b | \((?:Berater|Mandanten)nummer\) | \(BU-Schlüssel\)
    | \b(?:camt\.05\d|MT940|OFX|1CClientBankExchange)\b
    | \b(?:started_at|ended_at)\b
    | \bEN[ ]16931\b | \b(?:CVR|KVK|Leitweg-ID|Peppol|SIREN|XML|XRechnung)\b
    | \b(?:en16931|factur-x|xrechnung-(?:cii|ubl)|peppol|company|public|person)(?=[,;.]|[ ]или)
    | \b(?:organization|camera|title|tariff
        |invoice|date|amount|currency|method|reference|contract
        |transfer|card|direct_debit|cash|other
        |{"|".join((*COLUMNS, *OF_TERMS, *ENTRIES.values()))})(?:,[ ]?|;|[ ](?=\()|$)
    | \b(?:ANPR|BEAC|CSV|DATEV|DVR|English|Excel|IBAN|ID|IFSC|IP|JPEG|SEPA|UDI|UTF-8|WIR|Watcher
        |EN[ ]16931|BR-FR,[ ]flux|EXTENDED-CTC-FR|KSeF|SIREN|SIRET|XRechnung|ZUGFeRD
        |Factur-X(?:[ ](?:MINIMUM|BASIC(?:[ ]WL)?|EXTENDED))?|Peppol[ ]BIS[ ]Billing
        |Windows|XLSX|cookie|null|VATEX(?:-EU-132)?)\b""",
    re.VERBOSE,
)
# Time zones in choices, and the texts of Django admin's icons.
_NO_SENTENCES = {name.replace("_", " ") for name in current_time_zones()} | {"True", "False"}
# Names of official schemes, and of forms of electronic invoices.
_NO_SENTENCES |= {name for _code, name in endpoint_schemes()} | {*Profile.labels}
_WORD = re.compile(r"[A-Za-z]{2,}")


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def english(html: str) -> set[str]:
    """Return the texts of a page that contain English words."""
    texts, _names = visible(html)
    sentences = set(texts) - _NO_SENTENCES
    return {text for text in sentences if _WORD.search(_NO_ENGLISH.sub("", text))}


def pages(client: Client, address: str) -> Iterator[tuple[str, str]]:
    """Yield the page of an address, also with an empty result, and with invalid values posted."""
    yield address, _page(client.get(address))
    nothing = f"{address}?q=zzz&from=2026-02-01&to=2026-01-01&page=9"
    yield nothing, _page(client.get(nothing))
    _texts, names = visible(_page(client.get(address)))
    for value in ("", "?"):
        data = dict.fromkeys(names - {"csrfmiddlewaretoken", "language"}, value)
        yield f"POST {value} {address}", _page(client.post(address, data))


def _page(answer: object) -> str:
    is_page = answer.get("Content-Type", "").startswith("text/html")  # type: ignore[attr-defined]
    content: bytes = answer.getvalue()  # type: ignore[attr-defined]
    return content.decode() if is_page else ""


@pytest.mark.parametrize("person", [each for each in PEOPLE if each != "other"])
def test_no_page_contains_english(world: World, person: str) -> None:
    found = {}
    for route in ROUTES:
        client = Client()
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "ru"
        if user := world.people[person]:
            client.force_login(user)
        for name, html in pages(client, world.fill(route)):
            if texts_in_english := english(html):
                found[name] = texts_in_english

    assert not found, "\n".join(
        f"{name}: {texts_in_english}" for name, texts_in_english in found.items()
    )
