"""Templates woven: each piece of a page becomes one Python function, written from Django's own parsed template.

The templates stay Django's, in their language and with its meaning; only how a parsed template is run is ours. Django
walks a tree of nodes and asks the context for each name; the function has names in its own variables, includes in
their place, and what is the same for all readers of a language ready made. A tag it does not know is left to Django,
in place. Switched on by `loader.Loader` in the settings; why, and what was measured: docs/adr.
"""
