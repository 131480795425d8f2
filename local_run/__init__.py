"""A copy of the product on one's own machine, with an embedded PostgreSQL: `make run`.

Production never imports this package; add it to `EXTRA_APPS` to get its pages.
"""
