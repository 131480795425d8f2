"""URLs of bank statements."""

from django.urls import path

from bank import csv_views, views

app_name = "bank"
urlpatterns = [
    path("", views.lines, name="lines"),
    path("match/", views.match, name="match"),
    path("lines/<int:pk>/", views.line, name="line"),
    path("lines/<int:pk>/record/", views.record, name="record"),
    path("lines/<int:pk>/record-batch/", views.record_batch, name="record_batch"),
    path("lines/<int:pk>/take-back/", views.take_back, name="take_back"),
    path("lines/<int:pk>/ignore/", views.ignore, name="ignore"),
    path("lines/<int:pk>/undo/", views.undo, name="undo"),
    path("upload/", views.upload, name="upload"),
    path("files/", views.files, name="files"),
    path("files/<int:pk>/", views.download, name="download"),
    path("accounts/", views.accounts, name="accounts"),
    path("accounts/add/", views.add_account, name="add_account"),
    path("accounts/<int:pk>/", views.edit_account, name="edit_account"),
    path("accounts/<int:pk>/columns/", csv_views.columns, name="columns"),
    path("accounts/<int:pk>/columns/forget/", csv_views.forget, name="forget_columns"),
]
