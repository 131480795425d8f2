"""Organizations, owners and messages to them, in Watcher as here."""
