"""What months would have cost with another price or discount, and what this month will cost."""
