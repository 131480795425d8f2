"""New billing addresses that owners propose and operators approve or refuse."""
