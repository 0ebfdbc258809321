"""The exercises, a file or two for each notebook; registry.py loads them."""
