"""Close organizations at the end of a day, and delete those that were never used."""
