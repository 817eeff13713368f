"""Reading a request: body, parameters, CloudEvents and list queries."""
