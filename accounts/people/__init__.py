"""The page of people: colleagues and owners, whom operators invite, rename, block and unblock."""
