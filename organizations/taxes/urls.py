"""URLs under /taxes/."""

from django.urls import path

from organizations.taxes import views

app_name = "taxes"
urlpatterns = [
    path("", views.taxes, name="list"),
    path("add/", views.add, name="add"),
    path("<int:tax_id>/edit/", views.edit, name="edit"),
    path("<int:tax_id>/history/", views.history, name="history"),
    path("<int:tax_id>/percents/add/", views.add_rate, name="add_rate"),
    path(
        "<int:tax_id>/percents/<int:rate_id>/withdraw/", views.withdraw_rate, name="withdraw_rate"
    ),
    path("<int:tax_id>/delete/", views.delete, name="delete"),
]
