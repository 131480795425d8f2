"""Tokens of persons and machines: what they may do, from where, and until when."""
