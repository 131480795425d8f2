"""What lists of invoices need to stay fast: names to search by, and sums."""
