"""URLs of saved filters."""

from django.urls import path

from accounts.saved_filters import views

app_name = "saved_filters"
urlpatterns = [
    path("", views.saved_filters, name="list"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/update/", views.update, name="update"),
    path("<int:pk>/delete/", views.delete, name="delete"),
]
