"""Payment terms, cash discounts, texts and bank accounts that new documents state."""
