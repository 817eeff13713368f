-- The sealer reads the leaf hashes of the access log too, and nothing else of it.

grant select (position, leaf_hash) on ledger.access_entries to ledger_follower;
