"""Search within words of stored texts, by an index that PostgreSQL keeps without extensions."""
