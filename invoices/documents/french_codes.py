"""The codes of electronic invoices between French companies (XP Z12-012, "flux 2")."""

SIREN = "0002"
"""The scheme of a SIREN as a legal ID (ICD)."""

ADDRESSES = "0225"
"""The scheme of addresses in the French directory, which are or begin with a SIREN (EAS)."""

COUNTRIES = ("FR", "GP", "MQ", "RE")
"""Where companies have a SIREN and French VAT applies: France, Guadeloupe, Martinique, Réunion."""

SERVICES = "S1"
"""The business process (BT-23) of an invoice for services that is not paid yet."""
