"""How fast the portal is, and whether it holds under load: ``make bench`` and ``python -m bench.load``."""
