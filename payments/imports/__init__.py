"""Import of payments from a CSV file, for the web page and the command alike."""
