"""Imports, foreign keys and migrations point down."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.db.migrations.loader import MigrationLoader

from sbs_portal.config import BASE_DIR

# Lowest first. The kernel's parts may use each other; the composition root is used by nobody.
KERNEL = "kernel"
LAYERS = (KERNEL, "schools", "programmes", "seminars", "root")
ROOT_MODULES = {
    "sbs_portal.admin_site",
    "sbs_portal.settings",
    "sbs_portal.urls",
    "sbs_portal.api_urls",
    "sbs_portal.wsgi",
    "sbs_portal.management",
    "sbs_portal.demo",
    "sbs_portal.synthetic",
}


def layer_of(module: str) -> str | None:
    """The layer of one of our modules; None for anybody else's."""
    if any(module == root or module.startswith(f"{root}.") for root in ROOT_MODULES):
        return "root"
    top = module.partition(".")[0]
    if top == "sbs_portal":
        return KERNEL
    return top if top in LAYERS else None


def modules() -> list[tuple[str, Path]]:
    found = []
    for top in ("sbs_portal", "schools", "programmes", "seminars"):
        for path in sorted((BASE_DIR / top).rglob("*.py")):
            name = ".".join(path.relative_to(BASE_DIR).with_suffix("").parts)
            found.append((name.removesuffix(".__init__"), path))
    return found


def imports_of(source: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def points_up(module: str, source: str) -> list[str]:
    own = LAYERS.index(layer_of(module))
    return [
        imported
        for imported in sorted(imports_of(source))
        if (layer := layer_of(imported)) is not None and LAYERS.index(layer) > own
    ]


@pytest.mark.parametrize(
    ("module", "path"), modules(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_imports_point_down(module, path):
    assert points_up(module, path.read_text()) == []


def test_an_import_that_points_up_is_seen():
    assert points_up("schools.models", "from programmes.models import Participation") == [
        "programmes.models",
        "programmes.models.Participation",
    ]


def test_foreign_keys_point_down():
    up = []
    for model in apps.get_models():
        layer = layer_of(model.__module__)
        for field in model._meta.get_fields():
            if layer is None or not isinstance(field, models.ForeignKey):
                continue
            target = layer_of(field.related_model.__module__)
            if target is not None and LAYERS.index(target) > LAYERS.index(layer):
                up.append(str(field))
    assert up == []


def test_migrations_depend_downwards():
    layers = {config.label: layer_of(config.name) for config in apps.get_app_configs()}
    up = [
        (key, parent)
        for key, migration in MigrationLoader(None).disk_migrations.items()
        for parent in migration.dependencies
        if layers.get(key[0])
        and layers.get(parent[0])
        and LAYERS.index(layers[parent[0]]) > LAYERS.index(layers[key[0]])
    ]
    assert up == []
