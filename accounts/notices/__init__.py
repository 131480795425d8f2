"""Short mails that something was answered or decided, and where to read it."""
