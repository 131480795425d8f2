"""Members of an organization: owners and readers beside the owner of its contract."""
