"""The plan language: official plans as data, read, checked, compared, and turned into rules. Pure Python."""
