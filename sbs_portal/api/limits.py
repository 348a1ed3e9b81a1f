"""How often one may call: so many requests a minute for each key, or address where no key holds.

The count is kept in the shared cache, outside the request's transaction. So that a request costs no writing, a
process takes a share of the minute's requests at a time and hands it out from memory: all processes together give
no more than the limit, and may refuse up to a share each too early. Two that take a share at the same instant may
count it once; nobody is locked out by that.

The headers are those of draft-ietf-httpapi-ratelimit-headers-11.
"""

import time
from dataclasses import dataclass
from threading import Lock

from django.conf import settings
from django.core.cache import cache

WINDOW = 60
SHARES = 20
POLICY = "default"


@dataclass(frozen=True)
class Quota:
    """What one caller has left of a window."""

    limit: int
    remaining: int
    resets_in: int
    is_exceeded: bool = False

    @property
    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Policy": f'"{POLICY}";q={self.limit};w={WINDOW}',
            "RateLimit": f'"{POLICY}";r={self.remaining};t={self.resets_in}',
        }


@dataclass
class Lease:
    """What a process may still hand out, and how much all have taken."""

    left: int = 0
    taken: int = 0


class Counter:
    """One process's hand in the shared count."""

    def __init__(self):
        self._lock = Lock()
        self._window = -1
        self._leases: dict[str, Lease] = {}

    def take(self, caller: str) -> Quota | None:
        """Count one request of the caller; None where there is no limit."""
        limit = settings.API_RATE
        if not limit:
            return None
        window, spent = divmod(int(time.time()), WINDOW)
        with self._lock:
            if window != self._window:
                self._window, self._leases = window, {}
            lease = self._leases.setdefault(caller, Lease())
            if not lease.left and lease.taken < limit:
                self._renew(lease, f"api-rate:{caller}:{window}", limit)
            exceeded = not lease.left
            lease.left -= not exceeded
            return Quota(limit, max(0, limit - lease.taken) + lease.left, WINDOW - spent, exceeded)

    def _renew(self, lease: Lease, key: str, limit: int) -> None:
        share = max(1, limit // SHARES)
        cache.add(key, 0, timeout=2 * WINDOW)
        try:
            lease.taken = cache.incr(key, share)
        except ValueError:
            # The count cannot be kept, as when the disk is full: this process then counts alone.
            lease.taken += share
        lease.left = max(0, min(share, limit - (lease.taken - share)))


counter = Counter()


def address_of(request) -> str:
    """The client's address: the proxy's word for it only where a proxy is trusted."""
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if found := forwarded[-1].strip():
            return found[:45]
    return request.META.get("REMOTE_ADDR", "")


def take(request) -> Quota | None:
    """Count a request whose caller is known, or known to be nobody."""
    if token := getattr(request, "auth", None):
        return counter.take(f"key-{token.pk}")
    if request.user.is_authenticated:
        return counter.take(f"user-{request.user.pk}")
    return take_by_address(request)


def take_by_address(request) -> Quota | None:
    """Count a request of somebody without a key that holds."""
    return counter.take(f"address-{address_of(request)}")
