"""QR codes as shapes inside a page."""

from __future__ import annotations

import io

import segno


def qr_svg(text: str) -> str:
    """Inline SVG of the text as a QR code (ISO/IEC 18004, error correction M): no script, no style attribute."""
    buffer = io.BytesIO()
    segno.make(text, error="m").save(buffer, kind="svg", xmldecl=False, omitsize=True, nl=False, svgclass="qr")
    return buffer.getvalue().decode("utf-8")
