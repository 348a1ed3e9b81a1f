"""What the API itself keeps: answers given to POST, so that the same request sent again is not done again."""

from django.conf import settings
from django.db import models

from sbs_portal.scope import Scoping


class GivenAnswer(models.Model):
    """The answer to one POST with an Idempotency-Key, for a day. The key is kept as a digest with its caller's."""

    scoping = Scoping(kind="kernel")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="användare", on_delete=models.CASCADE, related_name="+"
    )
    key_digest = models.CharField(max_length=64, unique=True)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.TextField()
    created_at = models.DateTimeField("gavs", auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = "givet svar"
        verbose_name_plural = "givna svar"

    def __str__(self):
        return f"{self.status} {self.created_at:%Y-%m-%d %H.%M}"
