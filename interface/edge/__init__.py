"""The server: it reads each request whole, within limits, and only then gives the application a thread."""
