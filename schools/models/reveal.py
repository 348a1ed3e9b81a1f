"""The log of protected personal data shown: who asked for it, and why."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from sbs_portal.db.models import Model
from sbs_portal.rights import Action
from sbs_portal.scope import Scoping
from schools.models.person import Person


class PersonReveal(Model):
    """One time a protected person's details were shown to someone. Never changed and never deleted."""

    scoping = Scoping(kind="shared", parent="person", read=Action.REVEAL_READ, change=Action.PERSON_REVEAL)
    append_only = True

    person = models.ForeignKey(
        Person, verbose_name="person", on_delete=models.PROTECT, related_name="reveals"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="visad för", on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField("skäl", max_length=500)

    class Meta:
        verbose_name = "visning av skyddade uppgifter"
        verbose_name_plural = "visningar av skyddade uppgifter"
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["person", "created_at"], name="person_reveal_person"),
            models.Index(fields=["created_at", "uuid"], name="person_reveal_shown"),
        ]
        constraints = [
            models.CheckConstraint(
                name="person_reveal_has_reason",
                condition=~Q(reason=""),
                violation_error_message="Skriv varför du behöver uppgifterna.",
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.created_at:%Y-%m-%d %H.%M}"
