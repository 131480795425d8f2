"""Constraints that Django does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import connection
from django.db.models import Deferrable

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable
    from django_stubs_ext import StrOrPromise


class UniqueExpression(ExclusionConstraint):
    """No two rows have the same value of an expression at the end of a statement.

    So one statement can exchange values between rows, and SET CONSTRAINTS can put the check off to
    the end of a transaction. PostgreSQL has no such unique constraint on an expression, but an
    exclusion constraint can be one. Its index finds rows by the expression too.
    """

    def __init__(
        self,
        *,
        name: str,
        expression: Combinable,
        violation_error_message: StrOrPromise | None = None,
    ) -> None:
        super().__init__(
            name=name,
            expressions=[(expression, "=")],
            deferrable=Deferrable.IMMEDIATE,
            violation_error_message=violation_error_message,
        )
        # Django's own check lets only GiST and SP-GiST pass.
        self.index_type = "BTREE"
        self.expression = expression

    def deconstruct(self) -> Any:
        """Return what recreates the constraint in a migration."""
        path, args, kwargs = super().deconstruct()
        for name in ("expressions", "index_type", "deferrable"):
            kwargs.pop(name, None)
        return path, args, {**kwargs, "expression": self.expression}


def check_in_the_end(constraint: str) -> None:
    """Check a deferrable constraint at the end of the transaction, or when `check_now` is called.

    Only constraints that are deferrable can be named.
    """
    _set(constraint, "DEFERRED")


def check_now(constraint: str) -> None:
    """Check a constraint whose check was put off.

    Raises:
        IntegrityError: it is violated.
    """
    _set(constraint, "IMMEDIATE")


def _set(constraint: str, when: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS {connection.ops.quote_name(constraint)} {when}")
