"""Cameras of organizations: connected, moved, disconnected, listed."""
