"""Pages and forms: fields, addresses, headers, and two people who edit the same thing."""
