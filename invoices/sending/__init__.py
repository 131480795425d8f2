"""Documents sent by email."""
