"""Lists: pages, searches, exports, and lookups in Django admin."""
