"""The start page, by story: what everybody has, a country's rows, and what is one's own to do."""

from django.http import QueryDict

from sbs_portal.rights import Role
from sbs_portal.scope import Scope
from seminars.work.base import Work
from seminars.work.country import CountryWork
from seminars.work.own import OwnWork


def work_of(scope: Scope, query: QueryDict) -> Work:
    """The start page of one reader today."""
    return CountryWork(scope, query) if scope.has_role(Role.COORDINATOR) else OwnWork(scope)


__all__ = ["Work", "work_of"]
