"""The overview of an organization."""
