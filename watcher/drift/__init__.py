"""What differs between billing and the platform, since when, and what it costs a month."""
