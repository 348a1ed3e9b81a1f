"""The app's resources by their path."""

from programmes.api import views

ROUTES = (
    ("programmes", views.ProgrammeViewSet),
    ("cohorts", views.CohortViewSet),
    ("focus-areas", views.FocusAreaViewSet),
    ("participations", views.ParticipationViewSet),
    ("participating-units", views.ParticipatingUnitViewSet),
    ("participation-phases", views.ParticipationPhaseViewSet),
    ("participation-focus", views.ParticipationFocusViewSet),
    ("agreements", views.AgreementViewSet),
    ("supports", views.SupportViewSet),
    ("participation-assignments", views.ParticipationAssignmentViewSet),
    ("term-pauses", views.TermPauseViewSet),
    ("term-extensions", views.TermExtensionViewSet),
    ("status-changes", views.StatusChangeViewSet),
    ("registration-steps", views.RegistrationStepViewSet),
)
