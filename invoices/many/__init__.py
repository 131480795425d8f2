"""Many documents at once: sent again by email, or packed into one file."""
