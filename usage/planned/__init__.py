"""Changes of cameras that are planned for a future time."""
