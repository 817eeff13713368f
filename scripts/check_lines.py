"""Check of an export of the ledger's lines with nothing but hashing and JSON.

Usage: check_lines.py LINES [HASHES]: one entry a line, and one leaf hash in hex a line. Checked are the form, positions
without gap, times that never fall, and each SHA-256(0x00 || line). Prints the count and one hash over all leaf hashes.
The first fault ends it with status 1.
"""

import hashlib
import json
import sys
from pathlib import Path

LINES, HASHES = [Path(path).read_bytes().splitlines() for path in [*sys.argv[1:3], "/dev/null"][:2]]
position, time, total = None, "", hashlib.sha256()

for number, line in enumerate(LINES, 1):
    entry, leaf = json.loads(line), hashlib.sha256(b"\0" + line).hexdigest()
    leaf = entry.get("leaf_hash", leaf)  # a line that the reader may not see shows its hash only
    if entry["v"] != 1 or position not in (None, entry["position"] - 1):
        sys.exit(f"line {number}: form or gap")
    if entry.get("recorded_at", time) < time:
        sys.exit(f"line {number}: recorded before the one above")
    if HASHES and HASHES[number - 1 : number] != [leaf.encode()]:
        sys.exit(f"line {number}: its hash is {leaf}")
    position, time = entry["position"], entry.get("recorded_at", time)
    total.update(bytes.fromhex(leaf))
if HASHES and len(HASHES) != len(LINES):
    sys.exit("not as many hashes as lines")
print(f"{len(LINES)} lines, {total.hexdigest()}")
