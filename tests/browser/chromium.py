"""Finds a Chromium and opens pages in it."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
)
INSTALL_PATIENCE = 300  # seconds


def installed() -> str | None:
    """The browser to drive: $CHROMIUM, the system's, else Playwright's own, installed where it can be."""
    given = os.environ.get("CHROMIUM")
    if given:
        return given
    for name in NAMES:
        if found := shutil.which(name):
            return found
    return _playwrights_own()


def _playwrights_own() -> str | None:
    with open(Path(tempfile.gettempdir()) / f"sbs-chromium-{os.getuid()}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            subprocess.run(
                [sys.executable, "-m", "playwright", "install", "chromium"],
                check=True,
                capture_output=True,
                timeout=INSTALL_PATIENCE,
            )
        except (OSError, subprocess.SubprocessError):
            return None
    where = "from playwright.sync_api import sync_playwright as p\nwith p() as o: print(o.chromium.executable_path)"
    found = subprocess.run([sys.executable, "-c", where], capture_output=True, text=True, check=False)
    path = found.stdout.strip()
    return path if path and Path(path).exists() else None


def launch(playwright, executable: str):
    """Headless Chromium that asks nobody for anything."""
    return playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
