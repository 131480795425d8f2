"""What was arranged with an organization: other terms, pauses, and promises to pay."""
