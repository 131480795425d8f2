"""URLs of reports."""

from django.urls import path

from reports.home import views as home_views
from reports.overview import views as overview_views

app_name = "reports"
urlpatterns = [
    path("", home_views.home, name="home"),
    path("organizations/<int:pk>/", overview_views.overview, name="overview"),
]
