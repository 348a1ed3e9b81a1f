"""Statements: recorded as they stand, attached, accepted, rejected."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from sbs_portal.audit import services
from sbs_portal.audit.models import Review, SourceKind, Statement, Trust, What
from sbs_portal.scope import NATIONAL, Scope, bound

pytestmark = pytest.mark.django_db


def make_statement(kind=SourceKind.NEWS, subject=None, text="Termin tre", **fields) -> Statement:
    with bound(NATIONAL):
        source = services.record_source(title="En sida", kind=kind, by=NATIONAL)
        return services.record_statement(
            source=source, what=What.TERM_NUMBER, text=text, subject=subject, by=NATIONAL, **fields
        )


def test_an_unattached_statement_is_the_coordinators_only(cast):
    statement = make_statement()
    with bound(Scope.of(cast.editor)) as scope:
        assert not Statement.objects.visible_to(scope).exists()
    with bound(Scope.of(cast.coordinator)) as scope:
        assert list(Statement.objects.visible_to(scope)) == [statement]


def test_attaching_lets_the_huvudman_read_statement_and_source(cast):
    statement = make_statement()
    with bound(Scope.of(cast.coordinator)):
        services.attach_statement(statement=statement, subject=cast.participation, by=cast.coordinator)
    with bound(Scope.of(cast.editor)) as scope:
        (seen,) = Statement.objects.visible_to(scope).about(cast.participation)
        assert seen.source.title == "En sida"
    with bound(Scope.of(cast.stranger)) as scope:
        assert not Statement.objects.visible_to(scope).exists()


def test_a_collected_page_stays_with_the_coordinators(cast):
    statement = make_statement(kind=SourceKind.SCRAPED)
    with bound(Scope.of(cast.coordinator)):
        services.attach_statement(statement=statement, subject=cast.participation, by=cast.coordinator)
        statement.source.refresh_from_db()
    assert statement.source.huvudman_ids == []


def test_accepting_needs_a_subject(cast):
    statement = make_statement()
    with bound(Scope.of(cast.coordinator)), pytest.raises(ValidationError, match="Knyt uppgiften"):
        services.accept_statement(statement=statement, by=cast.coordinator)


def test_accepting_says_who_and_may_raise_the_trust(cast):
    statement = make_statement(subject=cast.participation)
    with bound(Scope.of(cast.coordinator)):
        accepted = services.accept_statement(statement=statement, trust=Trust.CONFIRMED, by=cast.coordinator)
    assert (accepted.review, accepted.trust, accepted.reviewed_by) == (
        Review.ACCEPTED,
        Trust.CONFIRMED,
        cast.coordinator,
    )


def test_rejecting_needs_a_reason_and_keeps_the_statement(cast):
    statement = make_statement(subject=cast.participation)
    with bound(Scope.of(cast.coordinator)):
        with pytest.raises(ValidationError) as refused:
            services.reject_statement(statement=statement, reason="  ", by=cast.coordinator)
        assert refused.value.message_dict == {"reason": ["Skriv varför uppgiften avvisas."]}
        services.reject_statement(
            statement=statement, reason="Gäller ett annat projekt.", by=cast.coordinator
        )
        assert Statement.objects.standing().count() == 0
        assert Statement.objects.get().review_reason == "Gäller ett annat projekt."


def test_reopening_undoes_the_review(cast):
    statement = make_statement(subject=cast.participation)
    with bound(Scope.of(cast.coordinator)):
        services.accept_statement(statement=statement, by=cast.coordinator)
        again = services.reopen_statement(statement=statement, by=cast.coordinator)
    assert (again.review, again.reviewed_by, again.reviewed_at) == (Review.WAITING, None, None)


@pytest.mark.parametrize("who", ["editor", "process_leader", "reader", "rektor"])
def test_only_coordinators_review(cast, who):
    statement = make_statement(subject=cast.participation)
    user = getattr(cast, who)
    with bound(Scope.of(user)), pytest.raises(PermissionDenied):
        services.accept_statement(statement=statement, by=user)


def test_a_derived_statement_says_how(cast):
    with pytest.raises(ValidationError, match="härledd"):
        make_statement(subject=cast.participation, trust=Trust.DERIVED)
