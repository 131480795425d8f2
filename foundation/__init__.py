"""What any Django product needs, whatever it is about: nothing here knows about billing."""
