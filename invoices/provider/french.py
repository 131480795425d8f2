"""Which invoices follow the French rules, and the notes that they state."""

from __future__ import annotations

from invoices.documents.document import Party
from invoices.documents.french import French, siren_of
from invoices.documents.french_codes import COUNTRIES
from invoices.documents.profile_rules import rules_of
from invoices.provider.french_models import FrenchNotes
from invoices.provider.models import Provider
from organizations.billing.profiles import Profile

# What the law says where companies agree on nothing else: articles L441-10 and D441-5 of the Code
# de commerce. They are in French in every language, as the law is.
PROPOSED = {
    "penalties": (
        "En cas de retard de paiement, pénalités au taux de refinancement de la Banque centrale "
        "européenne majoré de 10 points, exigibles sans rappel."
    ),
    "recovery": "Indemnité forfaitaire pour frais de recouvrement en cas de retard : 40 €.",
    "discount": "Pas d’escompte pour paiement anticipé.",
}


def french_notes_of(provider: Provider) -> FrenchNotes | None:
    """Return the notes to state, if the provider is in France and follows the French rules."""
    if provider.country not in COUNTRIES:
        return None
    return FrenchNotes.objects.filter(are_stated=True).first()


def french_of(
    notes: FrenchNotes | None, seller: Party, buyer: Party, profile: Profile
) -> French | None:
    """Return what an invoice states by the French rules, or None unless both have a SIREN.

    XRechnung and Peppol have other rules about the same terms.
    """
    if notes is None or rules_of(profile).is_strict:
        return None
    sirens = siren_of(seller), siren_of(buyer)
    if not all(sirens):
        return None
    return French(
        seller=sirens[0],
        buyer=sirens[1],
        penalties=notes.penalties,
        recovery=notes.recovery,
        discount=notes.discount,
    )
