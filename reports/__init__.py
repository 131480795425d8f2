"""Pages that combine what all other apps know."""
