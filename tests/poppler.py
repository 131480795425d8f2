"""Run poppler's programs on a PDF."""

import shutil
import subprocess

import pytest


def poppler(program: str, pdf: bytes, *arguments: str) -> str:
    """Return what a program of poppler, such as `pdftotext`, prints about a PDF."""
    return poppler_bytes(program, pdf, *arguments).decode()


def poppler_bytes(program: str, pdf: bytes, *arguments: str) -> bytes:
    """Return the file that a program of poppler, such as `pdftoppm`, makes of a PDF."""
    path = shutil.which(program)
    if path is None:
        pytest.fail(f"{program} was not found. Run `make poppler`, then run the test again.", False)
    result = subprocess.run([path, *arguments], input=pdf, capture_output=True, check=True)
    return result.stdout
