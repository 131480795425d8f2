"""Which payment code an account and a currency have, and how it is drawn."""

from __future__ import annotations

from io import BytesIO

from invoices.paying.epc import epc
from invoices.paying.gost import gost
from invoices.paying.spayd import spayd
from invoices.paying.swiss import swiss
from invoices.paying.transfer import PaymentCode, Scheme, Transfer

# Modules that are blank around a code (ISO/IEC 18004).
_BORDER = 4
# Any of the eight makes a valid code. To find the best takes four times as long.
_MASK = 0
# With its white edge, the cross is 7 mm wide in a code of 46 mm, and 36 units in its path.
_CROSS_SHARE = 7 / 46
_CROSS = (
    '<g transform="translate({at:.3f} {at:.3f}) scale({scale:.5f})">'
    '<path fill="#fff" d="M0 0h36v36H0z"/><path d="M2 2h32v32H2z"/>'
    '<path fill="#fff" d="M15 8h6v7h7v6h-7v7h-6v-7H8v-6h7z"/></g>'
)


def code_for(transfer: Transfer) -> PaymentCode | None:
    """Return the payment code of a transfer, or None if no standard fits it.

    A Swiss account has a QR-bill, also for euros.
    """
    return swiss(transfer) or epc(transfer) or gost(transfer) or spayd(transfer)


def drawn(code: PaymentCode, border: int = _BORDER) -> bytes:
    """Return a code as SVG, black on white, with `border` blank modules around it.

    The error correction is M, which all standards demand. The encoding is explicit: for Russian
    texts, segno would otherwise choose Shift JIS.
    """
    # It takes some MB, which a process that draws no code does not need.
    import segno

    qr = segno.make_qr(
        code.text,
        error="m",
        boost_error=False,
        mode="byte",
        encoding=code.encoding,
        mask=_MASK,
    )
    picture = BytesIO()
    qr.save(
        picture,
        kind="svg",
        border=border,
        light="#fff",
        omitsize=True,
        svgclass=None,
        lineclass=None,
        xmldecl=False,
        nl=False,
    )
    svg = picture.getvalue()
    if code.scheme is not Scheme.SWISS:
        return svg
    modules = qr.symbol_size(border=0)[0]
    cross = modules * _CROSS_SHARE
    placed = _CROSS.format(at=border + (modules - cross) / 2, scale=cross / 36)
    return svg.replace(b"</svg>", placed.encode() + b"</svg>")
