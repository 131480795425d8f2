"""Export what was agreed with organizations, and import it from a file."""
