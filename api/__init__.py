"""The HTTP API, and the tokens that it is called with."""
