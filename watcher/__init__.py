"""The connection to a platform for video surveillance, above all Flussonic Watcher."""
