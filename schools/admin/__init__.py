"""The register in the admin, by story. Everything that changes what the portal says goes through the services."""

from schools.admin import access, catalogue, organisations, people, units

__all__ = ["access", "catalogue", "organisations", "people", "units"]
