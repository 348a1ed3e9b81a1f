"""Which connection a table is read and written on."""

OUTSIDE = "outside"


class CacheRouter:
    """The cache lives outside the request's transaction: its counters survive a roll-back."""

    def db_for_read(self, model, **hints):
        return OUTSIDE if model._meta.app_label == "django_cache" else None

    db_for_write = db_for_read
