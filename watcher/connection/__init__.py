"""Where the platform is, how to sign in there, and what the connection may do."""
