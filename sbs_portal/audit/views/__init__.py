"""Pages of the audit app, by story."""
