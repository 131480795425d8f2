"""URLs of the connection to Watcher."""

from django.urls import path

from watcher.connection import views
from watcher.drift import views as drift
from watcher.linking import views as linking
from watcher.people import views as people
from watcher.reading import views as reading
from watcher.suspending import views as suspending
from watcher.writing import views as writing

app_name = "watcher"
urlpatterns = [
    path("", views.connection, name="connection"),
    path("edit/", views.edit, name="edit"),
    path("directions/", views.directions, name="directions"),
    path("test/", views.test, name="test"),
    path("history/", views.history, name="history"),
    path("organizations/", linking.organizations, name="organizations"),
    path("organizations/proposed/", linking.link_proposed, name="link_proposed"),
    path("organizations/<int:pk>/", linking.choose_organization, name="choose_organization"),
    path("organizations/<int:pk>/link/", linking.link_organization, name="link_organization"),
    path("organizations/<int:pk>/unlink/", linking.unlink_organization, name="unlink_organization"),
    path("unlinked/", linking.unlinked, name="unlinked"),
    path("create/", people.create, name="create"),
    path("of/<int:pk>/", people.organization, name="organization"),
    path("of/<int:pk>/rename/", people.rename, name="rename"),
    path("of/<int:pk>/user/", people.create_user, name="create_user"),
    path("of/<int:pk>/mail/", people.send_mail, name="send_mail"),
    path("of/<int:pk>/message/", people.remind, name="remind"),
    path("of/<int:pk>/open/", people.open_watcher, name="open"),
    path("presets/", linking.presets, name="presets"),
    path("presets/proposed/", linking.link_proposed_presets, name="link_proposed_presets"),
    path("presets/<int:pk>/", linking.link_preset, name="link_preset"),
    path("reading/", reading.reading, name="reading"),
    path("reading/now/", reading.read_now, name="read_now"),
    path("reading/confirm/", reading.confirm_vanished, name="confirm_vanished"),
    path("reading/settings/", reading.settings, name="reading_settings"),
    path("changes/", reading.changes, name="changes"),
    path("changes/accept/", reading.accept, name="accept_changes"),
    path("changes/dismiss/", reading.dismiss, name="dismiss_changes"),
    path("suspensions/", suspending.suspensions, name="suspensions"),
    path("suspensions/again/", suspending.try_again, name="try_suspensions_again"),
    path("suspensions/settings/", suspending.settings, name="suspension_settings"),
    path("differences/", drift.differences, name="differences"),
    path("differences/export.csv", drift.export, {"kind": "csv"}, name="differences_csv"),
    path("differences/export.xlsx", drift.export, {"kind": "xlsx"}, name="differences_xlsx"),
    path("differences/use/", drift.use_platform, name="use_platform"),
    path("differences/push/", drift.push_ours, name="push_ours"),
    path("differences/ignore/", drift.ignore, name="ignore_differences"),
    path("differences/list/", drift.list_again, name="list_differences"),
    path("report/", drift.report, name="report"),
    path("report/now/", drift.compare_report, name="compare_report"),
    path("report/export.csv", drift.export_report, {"kind": "csv"}, name="report_csv"),
    path("report/export.xlsx", drift.export_report, {"kind": "xlsx"}, name="report_xlsx"),
    path("presets/add/", writing.add_presets, name="add_presets"),
    path("requests/", writing.requests, name="requests"),
    path("requests/<int:pk>/history/", writing.history, name="request_history"),
    path("requests/retry/", writing.retry, name="retry_requests"),
    path("requests/withdraw/", writing.withdraw, name="withdraw_requests"),
]
