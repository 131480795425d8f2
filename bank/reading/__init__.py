"""Read the files of banks: bytes in, statements out. Nothing here knows the database."""
