"""URLs of reports."""

from django.urls import path

from reports.home import views as home_views
from reports.overview import views as overview_views
from reports.search import views as search_views

app_name = "reports"
urlpatterns = [
    path("", home_views.home, name="home"),
    path("search/", search_views.search, name="search"),
    path("organizations/<int:pk>/", overview_views.overview, name="overview"),
]
