"""One search over everything: each app registers what it has, and finds it within the reader's scope."""
