"""Partners (resellers): organizations that are billed for what the cameras of others used."""
