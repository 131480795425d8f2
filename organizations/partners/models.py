"""Stored partnerships."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from foundation.audit.recording import audited
from organizations.agreement.models import IN_ORDER, DatedTerm, apart


@audited(found_by=("organization", "partner"))
class Partnership(DatedTerm):
    """Dates of an organization on which its usage is billed to a partner.

    The partner pays the prices of its own agreement: they are its wholesale prices. A partner has
    no partner itself.
    """

    organization = models.ForeignKey(
        "organizations.Organization",
        models.CASCADE,
        related_name="partnerships",
        verbose_name=_("organization"),
        db_index=False,
    )
    partner = models.ForeignKey(
        "organizations.Organization",
        models.PROTECT,
        related_name="customers",
        verbose_name=_("partner"),
    )

    class Meta:
        verbose_name = _("partnership")
        verbose_name_plural = _("partnerships")
        ordering = ("organization", "first_on")
        constraints = (
            apart("organizations_partnerships_apart"),
            models.CheckConstraint(condition=IN_ORDER, name="organizations_partnership_in_order"),
            models.CheckConstraint(
                condition=~Q(organization=F("partner")), name="organizations_partner_is_another"
            ),
        )
        indexes = (
            models.Index(fields=("organization", "first_on"), name="organizations_partnerships"),
        )
        triggers = (
            # The locks make two partnerships that would form a chain wait for each other.
            pgtrigger.Trigger(
                name="partner_has_no_partner",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    PERFORM FROM organizations_organization
                    WHERE id IN (NEW.organization_id, NEW.partner_id) ORDER BY id
                    FOR NO KEY UPDATE;
                    IF EXISTS (
                        SELECT FROM organizations_partnership
                        WHERE organization_id = NEW.partner_id OR partner_id = NEW.organization_id
                    ) THEN
                        RAISE EXCEPTION 'organization % has a partner or customers of its own',
                            NEW.organization_id;
                    END IF;
                    RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.organization_id} {self.partner_id} {self.first_on}"
