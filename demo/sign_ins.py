"""The sign-ins of the demonstration, and whether the database holds it."""

from accounts.models import Role, User

# Role, email address and password. The passwords work only in a demonstration.
SIGN_INS: tuple[tuple[str, str, str], ...] = (
    (Role.OPERATOR, "operator@example.com", "demo-operator-42"),
    (Role.SUPPORT, "support@example.com", "demo-support-42"),
    (Role.OWNER, "owner@example.com", "demo-owner-42"),
)


def is_demonstration() -> bool:
    """Tell whether the demonstration's operator exists and still has the known password."""
    role, email, password = SIGN_INS[0]
    operator = User.objects.filter(email=email, role=role).first()
    return operator is not None and operator.check_password(password)
