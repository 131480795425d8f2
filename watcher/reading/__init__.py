"""Read all cameras of the platform again and again, and turn what changed into usage.

`staging` holds one reading, `news` compares it with what the platform had last, `instants` says
when a change happened, `carrying_out` makes it in the ledger, and `operations` does all of it.
"""
