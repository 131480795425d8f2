"""`make cluster`: the product on several hosts, each of which is killed once."""
