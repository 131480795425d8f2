"""URLs of the texts of emails."""

from django.urls import path

from accounts.mail_texts import views

app_name = "mail_texts"
urlpatterns = [
    path("", views.mail_texts, name="list"),
    path("<slug:key>/<slug:language>/", views.edit, name="edit"),
]
