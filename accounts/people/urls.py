"""URLs of the pages of people."""

from django.urls import path

from accounts.people import views

app_name = "people"
urlpatterns = [
    path("", views.people, name="list"),
    path("invite/", views.invite, name="invite"),
    path("<int:pk>/", views.person, name="person"),
    path("<int:pk>/address/", views.change_address, name="address"),
    path("<int:pk>/address/withdraw/", views.withdraw_address, name="withdraw_address"),
    path("<int:pk>/block/", views.block, name="block"),
    path("<int:pk>/unblock/", views.unblock, name="unblock"),
]
