"""URLs of reminders."""

from django.urls import path

from reminders import views
from reminders.arrangements import views as arrangement_views
from reminders.levels import views as level_views
from reminders.questions import views as question_views

app_name = "reminders"
_OF = "organizations/<int:pk>/reminders/<slug>/"
urlpatterns = [
    path("reminders/", views.reminders, name="list"),
    path("reminders/send/", views.send, name="send"),
    path("reminders/skip/", views.skip, name="skip"),
    path("reminders/<int:pk>/", views.reminder, name="reminder"),
    path("reminders/<int:pk>/decline/", views.decline_follow_up, name="decline"),
    path("reminders/levels/", level_views.levels, name="levels"),
    path("reminders/levels/add/", level_views.add, name="add_level"),
    path("reminders/levels/<int:pk>/", level_views.edit, name="edit_level"),
    path("reminders/levels/<int:pk>/remove/", level_views.remove, name="remove_level"),
    path("reminders/levels/<int:pk>/history/", level_views.history, name="level_history"),
    path("questions/", question_views.questions, name="questions"),
    path("questions/<int:pk>/", question_views.question, name="question"),
    path("invoices/<int:pk>/question/", question_views.ask, name="ask"),
    path(f"{_OF}add/", arrangement_views.add, name="arrange"),
    path(f"{_OF}<int:row>/edit/", arrangement_views.edit, name="edit_arrangement"),
    path(f"{_OF}<int:row>/end/", arrangement_views.remove, name="remove_arrangement"),
]
