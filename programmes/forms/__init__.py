"""Forms of participations, their parts and the catalogues, by story."""
