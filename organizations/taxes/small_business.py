"""The exemption of small businesses, as the law of each country has an invoice state it.

Directive 2006/112/EC, articles 282 to 292, lets member states exempt small enterprises. Their
invoices state no VAT, category E. The texts name the article of the national law, in its language.
The code lists of EN 16931 1.3.16 have a VATEX code for France only.
"""

from __future__ import annotations

from typing import NamedTuple

from organizations.tax_ids import is_member_state

SMALL_BUSINESS = "small"
"""Stands for this exemption among the categories of a new tax; it is not a category of its own."""


class Exemption(NamedTuple):
    """The text of the reason why no tax is due (BT-120), and its VATEX code (BT-121) or ""."""

    text: str
    code: str = ""


_BY_COUNTRY = {
    "AT": Exemption("Umsatzsteuerfrei gemäß § 6 Abs. 1 Z 27 UStG (Kleinunternehmerregelung)"),
    "BE": Exemption(
        "Petite entreprise soumise au régime de la franchise de taxe. TVA non applicable "
        "(article 56bis du Code de la TVA)"
    ),
    "CZ": Exemption("Neplátce DPH (§ 6 zákona č. 235/2004 Sb.)"),
    "DE": Exemption("Steuerfrei als Kleinunternehmer gemäß § 19 UStG"),
    "FR": Exemption("TVA non applicable, art. 293 B du CGI", "VATEX-FR-FRANCHISE"),
    "HR": Exemption("PDV nije obračunan temeljem članka 90. Zakona o PDV-u"),
    "HU": Exemption("Alanyi adómentes, az Áfa tv. 187. §-a alapján"),
    "IT": Exemption(
        "Operazione in franchigia da IVA ai sensi dell’art. 1, commi da 54 a 89, L. 190/2014"
    ),
    "LU": Exemption("TVA non applicable, article 57 de la loi TVA"),
    "NL": Exemption(
        "Vrijgesteld van btw, artikel 25 Wet op de omzetbelasting 1968 (kleineondernemersregeling)"
    ),
    "PL": Exemption("Zwolnienie z VAT na podstawie art. 113 ust. 1 ustawy o VAT"),
    "PT": Exemption("IVA – regime de isenção, artigo 53.º do CIVA"),
    "RO": Exemption("Scutit de TVA, regim special de scutire, art. 310 din Codul fiscal"),
    "SI": Exemption("DDV ni obračunan na podlagi prvega odstavka 94. člena ZDDV-1"),
}
# Where the national law is not known to us.
_OF_DIRECTIVE = Exemption(
    "Exempt: special scheme for small enterprises, Article 284 of Directive 2006/112/EC"
)
# Spain has not made use of the scheme.
_WITHOUT = ("ES",)


def exemption_in(country: str) -> Exemption | None:
    """Return the exemption of a small business in a country, or None if the law has none.

    None is returned outside the VAT area of the Union, too, where the text has to be entered.
    """
    if country in _WITHOUT or not is_member_state(country):
        return None
    return _BY_COUNTRY.get("FR" if country == "MC" else country, _OF_DIRECTIVE)
