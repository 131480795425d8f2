"""URLs of reports."""

from django.urls import path

from foundation.lists.exports import EXPORT_KINDS
from reports.home import views as home_views
from reports.overview import views as overview_views
from reports.search import views as search_views
from reports.simulation import views as simulation_views

app_name = "reports"
urlpatterns = [
    path("", home_views.home, name="home"),
    path("search/", search_views.search, name="search"),
    path("simulations/", simulation_views.simulations, name="simulations"),
    path("simulations/forecast/", simulation_views.forecast, name="forecast"),
    path("simulations/<uuid:pk>/", simulation_views.simulation, name="simulation"),
    path("simulations/<uuid:pk>/cancel/", simulation_views.cancel, name="cancel_simulation"),
    path(
        "simulations/<uuid:pk>/cameras/<int:of>/",
        simulation_views.cameras,
        name="simulated_cameras",
    ),
    *(
        path(
            f"simulations/<uuid:pk>/export.{kind}",
            simulation_views.export,
            {"kind": kind},
            name=f"simulation_{kind}",
        )
        for kind in EXPORT_KINDS
    ),
    path(
        "tariffs/<int:tariff_id>/simulate/", simulation_views.simulate_price, name="simulate_price"
    ),
    path("organizations/<int:pk>/simulate/", simulation_views.simulate_term, name="simulate_term"),
    path("organizations/<int:pk>/", overview_views.overview, name="overview"),
]
