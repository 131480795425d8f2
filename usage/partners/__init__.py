"""The statement of a partner: what its customers' cameras cost at wholesale and at retail."""
