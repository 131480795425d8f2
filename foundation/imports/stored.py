"""Reports as JSON: jobs store them, pages show them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, get_type_hints

from cattrs import Converter
from cattrs.preconf.json import make_converter


def report_converter() -> Converter:
    """Return a converter between JSON and reports: dataclasses and named tuples of plain values."""
    converter = make_converter()
    converter.register_unstructure_hook(Decimal, str)
    converter.register_structure_hook(Decimal, lambda text, _type: Decimal(text))
    # cattrs does not resolve annotations of named tuples that are texts.
    converter.register_unstructure_hook_factory(_is_named_tuple, _unstructure_named_tuple)
    converter.register_structure_hook_factory(_is_named_tuple, _structure_named_tuple)
    return converter


def _is_named_tuple(type_: Any) -> bool:
    return isinstance(type_, type) and issubclass(type_, tuple) and hasattr(type_, "_fields")


def _unstructure_named_tuple(type_: Any, converter: Converter) -> Callable[[Any], list[Any]]:
    types = [*get_type_hints(type_).values()]

    def unstructure(values: Any) -> list[Any]:
        return [
            converter.unstructure(value, unstructure_as=each)
            for value, each in zip(values, types, strict=True)
        ]

    return unstructure


def _structure_named_tuple(type_: Any, converter: Converter) -> Callable[[Any, Any], Any]:
    types = [*get_type_hints(type_).values()]

    def structure(values: Any, _type: Any) -> Any:
        return type_(
            *(converter.structure(value, each) for value, each in zip(values, types, strict=True))
        )

    return structure
