"""The declarations of routes: who may use one, its parameters, and the schemas of its answers."""
