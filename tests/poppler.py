"""What poppler's programs read in a PDF."""

import shutil
import subprocess

import pytest


def poppler(program: str, pdf: bytes, *arguments: str) -> str:
    """Return what a program of poppler, as `pdftotext`, prints about a PDF."""
    path = shutil.which(program)
    if path is None:
        pytest.fail(f"There is no {program}: run `make poppler`, then the test again.", False)
    result = subprocess.run([path, *arguments], input=pdf, capture_output=True, check=True)
    return result.stdout.decode()
