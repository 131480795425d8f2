"""Import organizations from a file, for both the web page and the command."""
