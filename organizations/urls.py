"""URLs of organizations."""

from django.urls import path

from organizations import owner_views, views
from organizations.billing import views as billing_views
from organizations.members import views as member_views

app_name = "organizations"
urlpatterns = [
    path("", views.organizations, name="list"),
    path("export.csv", views.export, {"kind": "csv"}, name="export_csv"),
    path("export.xlsx", views.export, {"kind": "xlsx"}, name="export_xlsx"),
    path("add/", views.add, name="add"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/billing/", billing_views.billing, name="billing"),
    path(
        "<int:pk>/billing/<int:version>/withdraw/",
        billing_views.withdraw,
        name="withdraw_billing",
    ),
    path("<int:pk>/people/", member_views.people, name="people"),
    path("<int:pk>/people/<int:user_id>/remove/", member_views.remove, name="remove_member"),
    path("<int:pk>/history/", views.history, name="history"),
    path("owners/", owner_views.find_owners, name="find_owners"),
    path("owners/add/", owner_views.add_owner, name="add_owner"),
]
