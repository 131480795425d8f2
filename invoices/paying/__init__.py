"""How an invoice is paid: its reference, and the code that a bank's app reads. Pure Python."""
