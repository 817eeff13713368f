"""HTTP, as contract.md 1 has it: one blueprint file per resource."""
