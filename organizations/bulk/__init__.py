"""Change many organizations at once."""
