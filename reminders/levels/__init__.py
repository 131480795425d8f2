"""The levels of reminders, and what holds for all of them."""
