"""Home: what needs attention today, and the provider in pictures."""
