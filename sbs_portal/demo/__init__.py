"""The demo: four real participations as their sources tell them, one invented, and the accounts to see them with.

Organisations, units, numbers and dates of the real cases are their sources'; people appear by role under
invented names. What a source does not say is not there. Everything goes through the services.
"""
