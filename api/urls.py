"""URLs of the API and of the pages of its tokens."""

from django.urls import path

from api.tokens import views

app_name = "api"
urlpatterns = [
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/add/", views.add, name="add_token"),
    path("tokens/<int:pk>/", views.token, name="token"),
    path("tokens/<int:pk>/revoke/", views.revoke, name="revoke_token"),
]
