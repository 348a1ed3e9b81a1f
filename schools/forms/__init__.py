"""The register's forms, by story. Choices are what the user may link to; rules are the services'."""
