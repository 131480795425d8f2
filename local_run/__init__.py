"""The product on one's own machine, with its embedded PostgreSQL: `make run`.

Production never imports this package; `EXTRA_APPS` names it where its pages are wanted.
"""
