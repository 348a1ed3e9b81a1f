"""The demo's accounts: one of each role, one password for all."""

from dataclasses import dataclass

from sbs_portal.accounts.models import User
from sbs_portal.rights import Role
from sbs_portal.scope import NATIONAL
from schools.models import Access, Huvudman, Person, SchoolUnit
from schools.services.access import grant_access

PASSWORD = "Hallon-Blyerts-47"
DOMAIN = "demo.example"


@dataclass(frozen=True)
class Account:
    """One account: what it is called and what it is for, as ``make run`` prints it."""

    name: str
    shown_name: str
    purpose: str

    @property
    def email(self) -> str:
        return f"{self.name}@{DOMAIN}"


ACCOUNTS = (
    Account("samordnare", "Karin Almlöv", "samordnare på Skolverket: allt, också admin"),
    Account("processledare", "Amira Nordvall", "processledare i Uddevalla och Exempelby"),
    Account("forvaltning", "Helena Strandmark", "förvaltningen i Uddevalla, redigerar"),
    Account("rektor", "Tove Lindahl Berg", "rektor på Västerskolan"),
    Account("namnd", "Ledamot i nämnden", "läsare i Uddevalla, ser inga namn på personal"),
    Account("exempelby", "Maja Ekdal", "förvaltningen i Exempelby (påhittad), redigerar"),
    Account("bjorkskolan", "Jonas Habte", "rektor på Björkskolan i Exempelby"),
    Account("frammande", "Olle Fjällgren", "förvaltningen i Älvdalen: ser inget av de andra"),
    Account("integration", "Integration", "bara API, hela landet, läser"),
)


def user(name: str) -> User:
    """The account's user, made on the first run. The integration cannot log in."""
    account = next(account for account in ACCOUNTS if account.name == name)
    found = User.objects.filter(email=account.email).first()
    if found:
        return found
    made = User.objects.create_user(
        account.email, None if name == "integration" else PASSWORD, name=account.shown_name
    )
    if name == "samordnare":
        made.is_staff = True
        made.save()
    return made


def give(name: str, role: Role, *, huvudman: Huvudman | None = None, unit: SchoolUnit | None = None) -> User:
    """The account's user with the role, once."""
    holder = user(name)
    if not Access.objects.filter(user=holder, role=role, huvudman=huvudman, unit=unit).exists():
        grant_access(
            user=holder, role=role, huvudman=huvudman, unit=unit, reason="Övningsmiljön", by=NATIONAL
        )
    return holder


def is_person(name: str, person: Person) -> Person:
    """Link the account to the person it is."""
    person.user = user(name)
    person.full_clean()
    person.save()
    return person
