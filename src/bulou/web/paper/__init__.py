"""Papers: what is printed, signed and handed over: Word, from templates an office may edit, and PDF."""
