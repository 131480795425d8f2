"""URLs under /tariffs/."""

from django.urls import path

from tariffs import views

app_name = "tariffs"
urlpatterns = [
    path("", views.tariff_list, name="list"),
    path("export.csv", views.export, {"kind": "csv"}, name="export_csv"),
    path("export.xlsx", views.export, {"kind": "xlsx"}, name="export_xlsx"),
    path("add/", views.add, name="add"),
    path("<int:tariff_id>/edit/", views.edit, name="edit"),
    path("<int:tariff_id>/history/", views.history, name="history"),
    path("<int:tariff_id>/prices/add/", views.add_price, name="add_price"),
    path(
        "<int:tariff_id>/prices/<int:price_id>/withdraw/",
        views.withdraw_price,
        name="withdraw_price",
    ),
    path("<int:tariff_id>/archive/", views.archive, name="archive"),
    path("<int:tariff_id>/restore/", views.restore, name="restore"),
    path("<int:tariff_id>/delete/", views.delete, name="delete"),
]
