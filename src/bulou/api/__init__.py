"""The JSON door: facts in, duties out."""
