"""What a route declares, and the JSON Schemas of answers."""
