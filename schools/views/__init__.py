"""The register's pages, by story."""
