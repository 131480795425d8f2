"""Why files cannot be checked. Pages name the reasons without what reads files."""

from enum import StrEnum


class Problem(StrEnum):
    """Why a file cannot be checked."""

    EMPTY = "empty"
    ARCHIVE = "archive"
    NEITHER = "neither"
    NOT_WELL_FORMED = "not_well_formed"
    DOCUMENT_TYPE = "document_type"
    UNKNOWN_ROOT = "unknown_root"
    ENCRYPTED = "encrypted"
    BROKEN_PDF = "broken_pdf"
    NO_ATTACHMENT = "no_attachment"
    TOO_LARGE = "too_large"
    TOO_MUCH = "too_much"
    OTHER_SYNTAX = "other_syntax"
