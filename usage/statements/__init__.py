"""Show what an organization owes for a period, as a page, as files and as drawings."""
