"""Guards around a route: authorisation, rate limit and access recording."""
