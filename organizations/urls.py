"""URLs of organizations."""

from django.urls import path

from organizations import owner_views, views
from organizations.addresses import views as address_views
from organizations.agreement import views as agreement_views
from organizations.agreement.imports import views as term_import_views
from organizations.billing import views as billing_views
from organizations.bulk import views as bulk_views
from organizations.contacts import views as contact_views
from organizations.imports import views as import_views
from organizations.members import views as member_views
from organizations.notes import views as note_views
from organizations.tags import views as tag_views

app_name = "organizations"
urlpatterns = [
    path("", views.organizations, name="list"),
    path("export.csv", views.export, {"kind": "csv"}, name="export_csv"),
    path("export.xlsx", views.export, {"kind": "xlsx"}, name="export_xlsx"),
    path("details.csv", views.details, {"kind": "csv"}, name="details_csv"),
    path("details.xlsx", views.details, {"kind": "xlsx"}, name="details_xlsx"),
    path("import/", import_views.upload, name="import"),
    path("import/template.csv", import_views.template, {"kind": "csv"}, name="template_csv"),
    path("import/template.xlsx", import_views.template, {"kind": "xlsx"}, name="template_xlsx"),
    *import_views.PAGES.urls("import/"),
    path("terms/import/", term_import_views.upload, name="import_terms"),
    path("terms/export.csv", term_import_views.export, {"kind": "csv"}, name="terms_csv"),
    path("terms/export.xlsx", term_import_views.export, {"kind": "xlsx"}, name="terms_xlsx"),
    *term_import_views.PAGES.urls("terms/import/"),
    path("change/", bulk_views.change, name="change"),
    path("add/", views.add, name="add"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/billing/", billing_views.billing, name="billing"),
    path(
        "<int:pk>/billing/<int:version>/withdraw/",
        billing_views.withdraw,
        name="withdraw_billing",
    ),
    path("addresses/", address_views.addresses, name="addresses"),
    path("<int:pk>/address/", address_views.propose, name="propose_address"),
    path("<int:pk>/address/<int:proposal>/", address_views.address, name="address"),
    path("<int:pk>/address/<int:proposal>/approve/", address_views.approve, name="approve_address"),
    path("<int:pk>/address/<int:proposal>/refuse/", address_views.refuse, name="refuse_address"),
    path(
        "<int:pk>/address/<int:proposal>/withdraw/",
        address_views.withdraw,
        name="withdraw_address",
    ),
    path("<int:pk>/agreement/", agreement_views.agreement, name="agreement"),
    path("<int:pk>/terms/<slug>/add/", agreement_views.add, name="add_term"),
    path("<int:pk>/terms/<slug>/<int:term>/edit/", agreement_views.edit, name="edit_term"),
    path("<int:pk>/terms/<slug>/<int:term>/end/", agreement_views.end, name="end_term"),
    path(
        "<int:pk>/terms/<slug>/<int:term>/withdraw/", agreement_views.withdraw, name="withdraw_term"
    ),
    path("<int:pk>/people/", member_views.people, name="people"),
    path("<int:pk>/people/<int:user_id>/remove/", member_views.remove, name="remove_member"),
    path("<int:pk>/history/", views.history, name="history"),
    path("<int:pk>/notes/", note_views.notes, name="notes"),
    path("<int:pk>/notes/<int:note_id>/edit/", note_views.edit, name="edit_note"),
    path("<int:pk>/notes/<int:note_id>/pin/", note_views.pin, name="pin_note"),
    path("<int:pk>/notes/<int:note_id>/delete/", note_views.delete, name="delete_note"),
    path("<int:pk>/tags/", tag_views.edit_tags, name="edit_tags"),
    path("<int:pk>/contacts/add/", contact_views.add, name="add_contact"),
    path("<int:pk>/contacts/<int:contact_id>/edit/", contact_views.edit, name="edit_contact"),
    path("<int:pk>/contacts/<int:contact_id>/delete/", contact_views.delete, name="delete_contact"),
    path("owners/", owner_views.find_owners, name="find_owners"),
    path("owners/add/", owner_views.add_owner, name="add_owner"),
]
