"""Addresses of usage."""

from django.urls import path

from usage import import_views, views

app_name = "usage"
urlpatterns = [
    path("organizations/<int:pk>/usages/", views.usages, name="usages"),
    path("organizations/<int:pk>/usages.csv", views.usages_csv, name="usages_csv"),
    path("usage/import/", import_views.upload, name="import"),
    path("usage/import/<uuid:pk>/", import_views.review, name="import_review"),
    path("usage/import/<uuid:pk>/discard/", import_views.discard, name="import_discard"),
]
