"""Participations and the catalogues in the admin: by the same services as everywhere."""

from programmes.admin import catalogue, participation

__all__ = ["catalogue", "participation"]
