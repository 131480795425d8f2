"""Tariff plans and their prices in Django admin, for support staff."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from foundation.lists.admin_lookup import LookupAdmin
from tariffs.models import Tariff, TariffPrice
from tariffs.money import format_money
from tariffs.steps import bound_text, steps_of


class PriceInline(admin.TabularInline):  # type: ignore[type-arg]
    """The price versions of a tariff."""

    model = TariffPrice
    fields = ("valid_from", "amount", "volume_steps")
    readonly_fields = ("volume_steps",)
    extra = 0
    template = "admin/looked_up_table.html"

    @admin.display(description=_("volume steps"))
    def volume_steps(self, price: TariffPrice) -> str:
        """Return the steps, lowest bound first."""
        currency = price.tariff.currency
        return "; ".join(
            f"{bound_text(step.camera_months)}: {format_money(step.amount, currency)}"
            for step in steps_of(price)
        )


@admin.register(Tariff)
class TariffAdmin(LookupAdmin):
    """Find tariff plans."""

    history_page = "tariffs:history"
    list_display = ("name", "currency", "proration", "is_default", "is_archived")
    # AllValuesFieldListFilter lists only the currencies in use.
    list_filter = (("currency", admin.AllValuesFieldListFilter), "is_default", "is_archived")
    search_fields = ("name", "note")
    search_help_text = _("Search by name or note.")
    inlines = (PriceInline,)
