"""Notes of the staff about organizations."""
