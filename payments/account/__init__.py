"""The statement of account of an organization."""
