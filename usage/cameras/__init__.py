"""Connect, move, disconnect and list the cameras of organizations."""
