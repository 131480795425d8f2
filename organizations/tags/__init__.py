"""Tags of organizations."""
