"""The services and the metrics of one serving process."""
