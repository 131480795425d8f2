"""Import of payments from a CSV file, shared by the web page and the command."""
