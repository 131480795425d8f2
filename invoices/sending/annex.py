"""The annex of a mail: the charges of each camera, as the page of the document offers them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from email.encoders import encode_base64
from email.mime.base import MIMEBase
from io import BytesIO
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

from invoices.documents.frozen_charges import file_name, text_of
from invoices.documents.zip_entries import zip_entry
from invoices.models import Correction, FrozenCharges, Invoice
from usage.statements.freezing import opened

# Larger files are zipped. Many mail servers accept no mail of more than 10 MB.
LARGEST_CSV_BYTES = 1_000_000
# Larger zip files are left out.
LARGEST_ZIP_BYTES = 5_000_000


class Charges(NamedTuple):
    """A file of charges of a document, compressed with gzip."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Annex:
    """The files that are attached, by name; none if they are too large for a mail."""

    files: dict[str, bytes]

    @property
    def parts(self) -> list[MIMEBase]:
        """The files as parts of a mail, in which they stay the same byte for byte."""
        return [_part(name, content) for name, content in self.files.items()]


def charges_of_all(invoices: Collection[Invoice]) -> dict[int, list[Charges]]:
    """Return the files of charges of documents, by their id, read with two queries.

    These are the charges of an invoice and those by which it corrects others. A credit note that
    cancels an invoice has none, and neither has an invoice without usage.
    """
    numbers = {each.pk: each.number for each in invoices}
    found: dict[int, list[Charges]] = defaultdict(list)
    if not numbers:
        return found
    own = FrozenCharges.objects.filter(pk__in=numbers, count__gt=0).values_list("pk", "content")
    for pk, content in own:
        found[pk].append(Charges(file_name(numbers[pk]), bytes(content)))
    corrections = Correction.objects.filter(document__in=numbers, count__gt=0).order_by("pk")
    for pk, corrects, content in corrections.values_list("document", "corrects__number", "content"):
        found[pk].append(Charges(file_name(numbers[pk], corrects), bytes(content)))
    return found


def annex_of(invoice: Invoice, charges: Sequence[Charges]) -> Annex:
    """Return the annex of a document with these files, of limited size."""
    files, room = {}, LARGEST_CSV_BYTES
    for each in charges:
        with opened(each.content) as file:
            files[each.name] = file.read(room + 1)
        room -= len(files[each.name])
        if room < 0:
            zipped = _zipped(charges, invoice.issued_on)
            return Annex({} if zipped is None else {file_name(invoice.number, kind="zip"): zipped})
    return Annex(files)


def _zipped(charges: Sequence[Charges], day: date) -> bytes | None:
    """Return a zip file, or None if it is too large."""
    target = BytesIO()
    with ZipFile(target, "w") as archive:
        for each in charges:
            with archive.open(zip_entry(each.name, day, ZIP_DEFLATED), "w") as entry:
                for chunk in text_of(each.content):
                    entry.write(chunk)
                    if target.tell() > LARGEST_ZIP_BYTES:
                        return None
    return target.getvalue() if target.tell() <= LARGEST_ZIP_BYTES else None


def _part(name: str, content: bytes) -> MIMEBase:
    # As text, mail could change the ends of its lines.
    kind = ("application", "zip") if name.endswith(".zip") else ("text", "csv")
    part = MIMEBase(*kind)
    if kind == ("text", "csv"):
        part.set_param("charset", "utf-8")
    part.set_payload(content)
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=name)
    return part
