"""URLs of direct debits."""

from django.urls import path

from debits import views

app_name = "debits"
urlpatterns = [
    path("debits/", views.batches, name="batches"),
    path("debits/make/", views.make, name="make"),
    path("debits/settings/", views.settings, name="settings"),
    path("debits/<int:pk>/", views.batch, name="batch"),
    path("debits/<int:pk>/file.xml", views.file, name="file"),
    path("debits/<int:pk>/collected/", views.collected, name="collected"),
    path("debits/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("debits/collections/<int:pk>/", views.not_collected, name="not_collected"),
    path("organizations/<int:pk>/mandates/", views.mandates, name="mandates"),
    path("organizations/<int:pk>/mandates/add/", views.add_mandate, name="add_mandate"),
    path("mandates/<int:pk>/end/", views.end_mandate, name="end_mandate"),
    path("mandates/<int:pk>/use-again/", views.use_again, name="use_again"),
]
