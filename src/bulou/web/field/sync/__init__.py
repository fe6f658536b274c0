"""Work without signal: the list a phone carries, and what it brings back."""
