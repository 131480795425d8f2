"""Profiles of electronic invoices: in which form an organization accepts documents."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Profile(models.TextChoices):
    """The rules that the XML of an organization's documents follows, and its syntax."""

    EN16931 = "en16931", "EN 16931"
    FACTUR_X = "factur-x", "Factur-X"
    XRECHNUNG_CII = "xrechnung-cii", "XRechnung 3.0 (CII)"
    XRECHNUNG_UBL = "xrechnung-ubl", "XRechnung 3.0 (UBL)"
    PEPPOL = "peppol", "Peppol BIS Billing 3"


class BuyerKind(models.TextChoices):
    """Who an organization is: it decides which profile is proposed."""

    UNKNOWN = "", _("Not stated")
    COMPANY = "company", _("Company")
    PUBLIC = "public", _("Public body")
    PERSON = "person", _("Private person")


XRECHNUNG = frozenset({Profile.XRECHNUNG_CII, Profile.XRECHNUNG_UBL})
# Public bodies of these countries must be able to receive Peppol BIS (Directive 2014/55/EU, and
# outside the European Union their own law). Germany has XRechnung, and France Chorus Pro.
_PUBLIC_BY_PEPPOL = frozenset(
    (
        *("AT", "AU", "BE", "BG", "CY", "CZ", "DK", "EE", "ES", "FI", "GR", "HR", "IE", "IS", "IT"),
        *("LI", "LT", "LU", "LV", "MT", "NL", "NO", "NZ", "PL", "PT", "RO", "SE", "SG", "SI", "SK"),
    )
)
# Companies of these countries usually receive invoices by Peppol.
_COMPANIES_BY_PEPPOL = frozenset({"BE", "DK", "FI", "IS", "NL", "NO", "SE"})
_BY_FACTUR_X = frozenset({"DE", "FR"})


def proposed_profile(country: str, kind: str) -> Profile:
    """Return the profile that a buyer of a kind in a country (ISO 3166) usually accepts."""
    if kind == BuyerKind.PUBLIC:
        if country == "DE":
            return Profile.XRECHNUNG_CII
        if country in _PUBLIC_BY_PEPPOL:
            return Profile.PEPPOL
    if kind == BuyerKind.COMPANY and country in _COMPANIES_BY_PEPPOL:
        return Profile.PEPPOL
    if kind in (BuyerKind.COMPANY, BuyerKind.PUBLIC) and country in _BY_FACTUR_X:
        return Profile.FACTUR_X
    return Profile.EN16931
