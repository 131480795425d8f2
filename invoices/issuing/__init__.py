"""From a statement to issued invoices and credit notes."""
