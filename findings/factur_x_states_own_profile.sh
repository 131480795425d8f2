#!/usr/bin/env bash
# Version:  factur-x 7.8.
# Input:    a small valid invoice as the dictionary of terms that generate_xml takes, with BT-24 (the
#           specification identifier) of XRechnung 3.0; then the same in Bulgarian lev.
# Guess:    generate_xml states the terms that it is given, so BT-24 makes the XML an XRechnung.
# Reality:  in both syntaxes BT-24 is that of `level`, whatever the dictionary says, without a warning. A currency
#           that ISO 4217 has withdrawn raises, so a document of last year cannot be written again.
# Why care: a German public buyer's platform refuses the XML, while the check against the schema passes. State
#           BT-24 in the finished XML, and let a test run the rules of the profile.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet factur-x==7.8 lxml==6.1.3 pypdf==7.1.1 iso4217==1.16.20260101
"$work/venv/bin/python" - <<'PY'
import sys
from datetime import date
import facturx
from lxml import etree

XRECHNUNG = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
PATHS = {
    "factur-x": ".//{*}GuidelineSpecifiedDocumentContextParameter/{*}ID",
    "ubl-2.1": ".//{*}CustomizationID",
}

def written(flavor, currency="EUR"):
    party = {"name": "A", "addr_l1": "1 Street", "postcode": "10115", "city": "Berlin", "country_code": "DE"}
    line = {"BT-126": "1", "BT-129": "1", "BT-130": "C62", "BT-131": "10.00", "BT-146": "10.00",
            "BT-151": "S", "BT-152": "19", "BT-153": "Item"}
    tax = {"BT-116": "10.00", "BT-117": "1.90", "BT-118": "S", "BT-119": "19"}
    terms = {"BT-1": "1", "BT-2": date(2025, 12, 1), "BT-3": "380", "BT-5": currency, "BT-24": XRECHNUNG,
             "BT-9": date(2025, 12, 15), "BT-72": date(2025, 11, 30),
             "BG-4": {**party, "vat_identifier": "DE123456788"}, "BG-7": party, "BG-23": [tax], "BG-25": [line],
             "BT-106": "10.00", "BT-109": "10.00", "BT-110": "1.90", "BT-112": "11.90", "BT-115": "11.90"}
    return facturx.generate_xml(terms, flavor=flavor, level="en16931", check_xsd=True, check_schematron=False)

seen = {flavor: etree.fromstring(written(flavor)).findtext(path) for flavor, path in PATHS.items()}
try:
    written("ubl-2.1", "BGN")
    seen["in lev"] = "written"
except ValueError:
    seen["in lev"] = "refused"
known = {"factur-x": "urn:cen.eu:en16931:2017", "ubl-2.1": "urn:cen.eu:en16931:2017", "in lev": "refused"}
for what, value in seen.items():
    print(f"{what}: {value}")
sys.exit("factur-x states the profile otherwise now" if seen != known else 0)
PY
