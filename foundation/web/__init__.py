"""Pages and forms: fields, addresses, headers, and conflicts between two people's edits."""
