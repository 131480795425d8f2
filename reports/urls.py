"""URLs of reports."""

from django.urls import path

from reports.overview import views as overview_views

app_name = "reports"
urlpatterns = [
    path("organizations/<int:pk>/", overview_views.overview, name="overview"),
]
