"""Define the URLs of usage."""

from django.urls import path

from foundation.lists.exports import EXPORT_KINDS
from usage.cameras import history_views, list_views, move_views, title_views
from usage.cameras import views as camera_views
from usage.closing import views as closing_views
from usage.corrections import views as correction_views
from usage.imports import past_views
from usage.imports import views as import_views
from usage.partners import views as partner_views
from usage.planned import views as planned_views
from usage.statements import export_views
from usage.statements import views as statement_views

app_name = "usage"
urlpatterns = [
    path("organizations/<int:pk>/cameras/", camera_views.cameras, name="cameras"),
    path(
        "organizations/<int:pk>/cameras/export.csv",
        camera_views.export,
        {"kind": "csv"},
        name="cameras_export_csv",
    ),
    path(
        "organizations/<int:pk>/cameras/export.xlsx",
        camera_views.export,
        {"kind": "xlsx"},
        name="cameras_export_xlsx",
    ),
    path("organizations/<int:pk>/cameras/connect/", camera_views.connect, name="connect"),
    path(
        "organizations/<int:pk>/cameras/change-tariff/",
        camera_views.change_tariff,
        name="change_tariff",
    ),
    path("organizations/<int:pk>/cameras/move/", move_views.move_selected, name="move_selected"),
    path("organizations/<int:pk>/cameras/disconnect/", camera_views.disconnect, name="disconnect"),
    path("organizations/<int:pk>/cameras/correct/", correction_views.correct_usage, name="correct"),
    path("organizations/<int:pk>/customers/", partner_views.customers, name="customers"),
    *(
        path(
            f"organizations/<int:pk>/customers.{kind}",
            partner_views.export,
            {"kind": kind},
            name=f"customers_{kind}",
        )
        for kind in EXPORT_KINDS
    ),
    path("organizations/<int:pk>/partners/", partner_views.partners, name="partners"),
    path("organizations/<int:pk>/partners/add/", partner_views.add, name="add_partnership"),
    path(
        "organizations/<int:pk>/partners/<int:of>/end/",
        partner_views.end,
        name="end_partnership",
    ),
    path(
        "organizations/<int:pk>/partners/<int:of>/withdraw/",
        partner_views.withdraw,
        name="withdraw_partnership",
    ),
    path("cameras/", list_views.all_cameras, name="all_cameras"),
    path("cameras/<int:pk>/", camera_views.camera, name="camera"),
    path("cameras/<int:pk>/history/", history_views.camera_history, name="camera_history"),
    path("cameras/<int:pk>/title/", title_views.edit_title, name="edit_title"),
    path("cameras/<int:pk>/move/", move_views.move, name="move"),
    path("cameras/planned/", planned_views.planned_changes, name="planned"),
    path("cameras/planned/withdraw/", planned_views.withdraw, name="withdraw_planned"),
    path("cameras/planned/dismiss/", planned_views.dismiss, name="dismiss_planned"),
    path("cameras/move/organizations/", move_views.find_organizations, name="find_organizations"),
    path("organizations/<int:pk>/close/", closing_views.close, name="close"),
    path("organizations/<int:pk>/reopen/", closing_views.reopen, name="reopen"),
    path("organizations/<int:pk>/delete/", closing_views.delete, name="delete"),
    path("organizations/<int:pk>/usages/", statement_views.usages, name="usages"),
    path("organizations/<int:pk>/usages.csv", export_views.usages_csv, name="usages_csv"),
    path("organizations/<int:pk>/usages.xlsx", export_views.usages_xlsx, name="usages_xlsx"),
    path("usage/imports/", past_views.imports, name="imports"),
    path("usage/imports/<int:pk>/undo/", past_views.undo, name="undo_import"),
    *past_views.PAGES.urls("usage/imports/undo/"),
    path("usage/import/", import_views.upload, name="import"),
    *import_views.PAGES.urls("usage/import/"),
]
