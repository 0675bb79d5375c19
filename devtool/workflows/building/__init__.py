"""Building a checkout: what, where, with how many jobs, behind which gates, and what is said of a failure."""
