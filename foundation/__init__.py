"""What any Django product needs: nothing here knows about billing."""
