"""The models of the app, each of which is defined with its topic."""

from reports.figures.models import CameraDay, ChangedDates, ChangedMonth, MonthlyRevenue, MonthSum

__all__ = ["CameraDay", "ChangedDates", "ChangedMonth", "MonthSum", "MonthlyRevenue"]
