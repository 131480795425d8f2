"""The table of people."""

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.lists.pages import CellColumn, ListTable


class PersonTable(ListTable):
    """People with role, state and last sign-in."""

    email = CellColumn(
        template_name="people/_person_cell.html",
        verbose_name=_("Person"),
        attrs={"td": {"class": "cell-title"}},
    )
    role = CellColumn(template_name="people/_role_cell.html", order_by=("role", "email"))
    state = CellColumn(
        template_name="people/_state_cell.html",
        accessor="is_active",
        verbose_name=_("Status"),
        orderable=False,
    )
    last_login = CellColumn(
        template_name="people/_last_login_cell.html",
        verbose_name=_("Last sign-in"),
        orderable=False,
    )

    class Meta:
        model = User
        fields = ("email", "role", "state", "last_login")
        order_by = "email"
        order_by_field = "sort"
