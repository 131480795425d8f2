"""The models of the app, each of which is defined with its topic."""

from reports.figures.models import CameraDay, ChangedDates, ChangedMonth, MonthlyRevenue, MonthSum
from reports.simulation.models import SimulatedCost, SimulatedSum, Simulation

__all__ = [
    "CameraDay",
    "ChangedDates",
    "ChangedMonth",
    "MonthSum",
    "MonthlyRevenue",
    "SimulatedCost",
    "SimulatedSum",
    "Simulation",
]
