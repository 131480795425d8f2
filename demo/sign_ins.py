"""How to sign in to the demonstration, and whether it is here."""

from accounts.models import Role, User

# Role, email address and password; the passwords open nothing but a demonstration.
SIGN_INS: tuple[tuple[str, str, str], ...] = (
    (Role.OPERATOR, "operator@example.com", "demo-operator-42"),
    (Role.SUPPORT, "support@example.com", "demo-support-42"),
    (Role.OWNER, "owner@example.com", "demo-owner-42"),
)


def is_demonstration() -> bool:
    """Return whether the demonstration's operator is here, with the password that is known."""
    role, email, password = SIGN_INS[0]
    operator = User.objects.filter(email=email, role=role).first()
    return operator is not None and operator.check_password(password)
