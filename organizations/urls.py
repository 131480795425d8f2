"""Addresses of organizations."""

from django.urls import path

from organizations import owner_views, views

app_name = "organizations"
urlpatterns = [
    path("", views.organizations, name="list"),
    path("add/", views.add, name="add"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("owners/", owner_views.find_owners, name="find_owners"),
    path("owners/add/", owner_views.add_owner, name="add_owner"),
]
