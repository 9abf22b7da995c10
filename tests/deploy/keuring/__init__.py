"""What a schema cannot see in a manifest. Each check yields a sentence per fault; no sentence is right."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.deploy.keuring import netwerk, objecten, opslag, pods
from tests.deploy.manifesten import Doc

KEURINGEN: dict[str, Callable[[list[Doc]], Iterator[str]]] = {
    keur.__name__: keur
    for deel in (objecten, pods, netwerk, opslag)
    for keur in deel.KEURINGEN  # type: ignore[attr-defined]
}
