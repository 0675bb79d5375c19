"""Sign-offs: which commits are meant, whether they have theirs, and what mends them."""
