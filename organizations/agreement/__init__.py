"""What was agreed with an organization: its terms as they are stored, read and changed."""
