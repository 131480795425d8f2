"""Find what issued invoices no longer agree with: changed charges, and usage that none includes."""
