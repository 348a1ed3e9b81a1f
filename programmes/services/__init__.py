"""What changes a participation: the one way in, for pages, API, admin and jobs."""
