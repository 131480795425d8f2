"""The stored provider and logos."""

from __future__ import annotations

from hashlib import sha256
from typing import ClassVar

from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from foundation.audit.recording import audited, frozen
from invoices.documents.style import FONTS, Place, Style
from organizations.billing.identifiers import endpoint_schemes, legal_schemes
from organizations.countries import country_choices


@frozen
class Logo(models.Model):
    """An image shown on documents, stored once for all of them."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    content = models.BinaryField()

    class Meta:
        verbose_name = _("logo")
        verbose_name_plural = _("logos")

    def __str__(self) -> str:
        return gettext("image %(number)s") % {"number": self.sha256[:8]}

    @classmethod
    def of(cls, content: bytes) -> Logo:
        """Return an image as an unsaved logo."""
        return cls(sha256=sha256(content).hexdigest(), content=content)


class RateDate(models.TextChoices):
    """Which date's exchange rate applies to the tax of an invoice."""

    ISSUED = "issued", _("date of the invoice")
    DAY_BEFORE_ISSUED = "day_before_issued", _("day before the date of the invoice")
    PERIOD_END = "period_end", _("last day of the period")
    DAY_BEFORE_PERIOD_END = "day_before_period_end", _("day before the last day of the period")


@audited()
class Provider(models.Model):
    """The provider's details as stated on future documents. The table has at most one row."""

    name = models.CharField(_("legal name"), max_length=200)
    street = models.CharField(_("street address"), max_length=200)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=100)
    country = models.CharField(_("country"), max_length=2, choices=country_choices)
    tax_id = models.CharField(_("tax ID"), max_length=50)
    email = models.EmailField(_("email address"))
    account_number = models.CharField(_("bank account (IBAN)"), max_length=50)
    bic = models.CharField(_("BIC"), max_length=11, blank=True)
    bank = models.CharField(_("bank"), max_length=100, blank=True)
    correspondent_account = models.CharField(
        _("correspondent account"), max_length=20, blank=True, default="", db_default=""
    )
    logo = models.ForeignKey(
        Logo, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("logo")
    )
    invoice_prefix = models.CharField(
        _("invoice number prefix"),
        max_length=10,
        default="INV",
        validators=[
            RegexValidator(
                "^[A-Z0-9][A-Z0-9/-]*$",
                _("Use only A–Z, 0–9, / and -, and start with a letter or digit."),
            )
        ],
    )
    credit_note_prefix = models.CharField(
        _("credit note number prefix"),
        max_length=10,
        default="CN",
        validators=[
            RegexValidator(
                "^[A-Z0-9][A-Z0-9/-]*$",
                _("Use only A–Z, 0–9, / and -, and start with a letter or digit."),
            )
        ],
    )
    product_name = models.CharField(
        _("name in the header"), max_length=40, blank=True, default="", db_default=""
    )
    days_to_pay = models.PositiveSmallIntegerField(
        _("payment term (days)"), default=14, validators=[MaxValueValidator(365)]
    )
    charges_suspended = models.BooleanField(
        _("charge suspended organizations"), default=False, db_default=False
    )
    uses_credit = models.BooleanField(
        _("use credit for new invoices"), default=False, db_default=False
    )
    # What electronic invoices state besides.
    contact_name = models.CharField(
        _("contact person or department"), max_length=100, blank=True, default="", db_default=""
    )
    contact_phone = models.CharField(
        _("telephone"), max_length=50, blank=True, default="", db_default=""
    )
    endpoint = models.CharField(
        _("electronic address"), max_length=100, blank=True, default="", db_default=""
    )
    endpoint_scheme = models.CharField(
        _("scheme of the electronic address"),
        max_length=4,
        choices=endpoint_schemes,
        blank=True,
        default="",
        db_default="",
    )
    legal_id = models.CharField(_("legal ID"), max_length=50, blank=True, default="", db_default="")
    legal_scheme = models.CharField(
        _("scheme of the legal ID"),
        max_length=4,
        choices=legal_schemes,
        blank=True,
        default="",
        db_default="",
    )
    accounting_currency = models.CharField(
        _("accounting currency"), max_length=3, blank=True, default="", db_default=""
    )
    rate_date = models.CharField(
        _("exchange rate of"),
        max_length=21,
        choices=RateDate,
        default=RateDate.ISSUED,
        db_default=RateDate.ISSUED.value,
    )
    rate_days = models.PositiveSmallIntegerField(
        _("oldest exchange rate (days)"),
        default=7,
        db_default=7,
        validators=[MaxValueValidator(31)],
    )

    class Meta:
        verbose_name = _("provider")
        verbose_name_plural = _("provider")
        constraints = (
            models.CheckConstraint(condition=Q(pk=1), name="invoices_provider_one"),
            models.CheckConstraint(
                condition=~Q(invoice_prefix=F("credit_note_prefix")),
                name="invoices_provider_two_series",
                violation_error_message=_("Invoices and credit notes need different prefixes."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(endpoint="", endpoint_scheme="") | (~Q(endpoint="") & ~Q(endpoint_scheme=""))
                )
                & (Q(legal_scheme="") | ~Q(legal_id="")),
                name="invoices_provider_schemes",
            ),
            models.CheckConstraint(
                condition=Q(rate_date__in=RateDate.values, rate_days__lte=31),
                name="invoices_provider_rates",
            ),
        )

    def __str__(self) -> str:
        return self.name


def font_choices() -> list[tuple[str, str]]:
    """Return the families of fonts to choose from."""
    return [(name, name) for name in FONTS]


@audited()
class Design(models.Model):
    """How future documents look. Without it, they look as documents without a `Style` do.

    The fields are those of `invoices.documents.style.Style`.
    """

    PLACES: ClassVar = [
        (Place.LEFT.value, pgettext_lazy("position", "left")),
        (Place.CENTRE.value, pgettext_lazy("position", "centre")),
        (Place.RIGHT.value, pgettext_lazy("position", "right")),
    ]

    provider = models.OneToOneField(
        Provider, models.CASCADE, primary_key=True, verbose_name=_("provider")
    )
    logo = models.CharField(
        _("logo position"), max_length=6, choices=PLACES, default=Place.LEFT.value
    )
    accent = models.CharField(_("accent colour"), max_length=7, default="#182433")
    ink = models.CharField(_("text colour"), max_length=7, default="#182433")
    font = models.CharField(_("font"), max_length=50, choices=font_choices, default=FONTS[0])
    footer = models.CharField(
        _("footer position"), max_length=6, choices=PLACES, default=Place.LEFT.value
    )
    numbers_pages = models.BooleanField(_("number the pages"), default=True)

    class Meta:
        verbose_name = _("design of documents")
        verbose_name_plural = _("design of documents")
        constraints = (
            models.CheckConstraint(
                condition=Q(accent__regex="^#[0-9a-f]{6}$", ink__regex="^#[0-9a-f]{6}$"),
                name="invoices_design_colours",
            ),
            models.CheckConstraint(
                condition=Q(logo__in=[*map(str, Place)], footer__in=[*map(str, Place)]),
                name="invoices_design_places",
            ),
        )

    def __str__(self) -> str:
        return gettext("Design of documents")

    @property
    def style(self) -> Style:
        """The style that documents issued now have."""
        return Style(
            logo=Place(self.logo),
            accent=self.accent,
            ink=self.ink,
            font=self.font,
            footer=Place(self.footer),
            numbers_pages=self.numbers_pages,
        )
