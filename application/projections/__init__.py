"""The projection tables behind the lists, and the follower and rebuild that fill them."""
