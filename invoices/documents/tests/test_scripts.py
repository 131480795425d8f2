"""Tests that names in any script are printed, and that any character can be printed or replaced."""

import io
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from invoices.documents.document import Account, Document, Party
from invoices.documents.pdf import pages_as_images, pdf
from invoices.documents.tests.documents import an_invoice, line, to
from tests.poppler import poppler

NAMES = {
    "Latin": "Łódź Ærøskøbing Ştefan",
    "Vietnamese": "Công ty Giám sát Đường phố",
    "Cyrillic": "Фирма «Камеры Ёлки», Київ, Ђорђе",
    "Greek": "Κάμερες Ασφαλείας",
    "Armenian": "Հայկական տեսախցիկ",
    "Georgian": "საქართველოს კამერები",
    "Hebrew": "מצלמות אבטחה",
    "Arabic": "كاميرات المراقبة",
    "Persian": "دوربین پارس",
    "Hindi": "कैमरा निगरानी",
    "Bengali": "নজরদারি",
    "Tamil": "கண்காணிப்பு",
    "Telugu": "నిఘా",
    "Kannada": "ಕಣ್ಗಾವಲು",
    "Malayalam": "നിരീക്ഷണം",
    "Gujarati": "દેખરેખ",
    "Gurmukhi": "ਨਿਗਰਾਨੀ",
    "Odia": "ନଜରଦାରି",
    "Sinhala": "නිරීක්ෂණ",
    "Thai": "กล้องวงจรปิด",
    "Lao": "ກ້ອງວົງຈອນປິດ",
    "Khmer": "កាមេរ៉ា",
    "Myanmar": "ကင်မရာ",
    "Ethiopic": "ካሜራ",
    "Chinese": "监控摄像头有限公司",
    "Traditional Chinese": "監視攝影機股份有限公司",
    "Japanese": "株式会社 カメラ みはり",
    "Korean": "감시 카메라 주식회사",
    "emoji": "📷 📹",
    "symbols": "№ ™ € ₽ ₴ ₹ ☎",
}
STAND_IN = "\N{REPLACEMENT CHARACTER}"


def printed(document: Document) -> str:
    """Return the text of a document's PDF without white space and formatting characters."""
    return legible(poppler("pdftotext", pdf(document), "-", "-"))


def legible(text: str) -> str:
    return "".join(
        each for each in text if not each.isspace() and unicodedata.category(each) != "Cf"
    )


@pytest.mark.parametrize("script", NAMES)
def test_a_name_in_this_script_is_printed(script: str) -> None:
    text = printed(to(an_invoice(), name=NAMES[script]))

    # In scripts that join letters, pdftotext may return them in another order.
    assert sorted(set(legible(NAMES[script])) - set(text)) == []
    assert STAND_IN not in text


@pytest.mark.parametrize(
    "script",
    [
        *("Latin", "Cyrillic", "Greek", "Armenian", "Georgian", "Hebrew", "Ethiopic"),
        *("Chinese", "Traditional Chinese", "Japanese", "Korean", "emoji", "symbols"),
    ],
)
def test_a_name_can_be_copied(script: str) -> None:
    assert legible(NAMES[script]) in printed(to(an_invoice(), name=NAMES[script]))


@pytest.mark.parametrize("script", ["Hebrew", "Arabic", "Persian"])
def test_right_to_left_words_can_be_copied(script: str) -> None:
    (page,) = PdfReader(io.BytesIO(pdf(to(an_invoice(), name=NAMES[script])))).pages

    # pdftotext reverses letters that are drawn as one glyph.
    assert set(NAMES[script].split()) <= set(page.extract_text().split())


def test_all_scripts_can_be_in_one_document() -> None:
    invoice = an_invoice(lines=tuple(line(name) for name in NAMES.values()))

    assert STAND_IN not in printed(invoice)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Cuneiform \U00012000", f"Cuneiform {STAND_IN}"),
        ("Tibetan \u0f40", f"Tibetan {STAND_IN}"),
        ("Private \ue000\U0010ffff", f"Private {STAND_IN * 2}"),
        ("Control \x00\x07\x7f\x9f", f"Control {STAND_IN * 4}"),
        ("Half \ud83d", f"Half {STAND_IN}"),
        ("No character \uffff", f"No character {STAND_IN}"),
        ("Tab\tand line\nand line\r\nand line", "Tab and line and line and line"),
        ("Joined \u200b\u200d\u2060\ufeff.", "Joined ."),
        ("Combined q\u0308\u0323", "Combined q\u0308\u0323"),
        (
            "Emoji \U0001f468\u200d\U0001f469\u200d\U0001f467",
            "Emoji \U0001f468\U0001f469\U0001f467",
        ),
        ("Override \u202e.", "Override ."),
        ('Code #panic("!") $x$ *b* @a <b> \\ //', 'Code #panic("!") $x$ *b* @a <b> \\ //'),
    ],
)
def test_a_character_that_no_font_has_is_visibly_replaced(name: str, expected: str) -> None:
    assert legible(expected) in printed(to(an_invoice(), name=name))
    assert pages_as_images(to(an_invoice(), name=name))


@pytest.mark.parametrize("signs", ["\u0316\u0591\U0001f1e9", "\u05c6\ufff9\u0900"])
def test_combined_characters_without_a_common_font_are_replaced(signs: str) -> None:
    text = printed(to(an_invoice(lines=(line("Café"),)), name=f"{signs} Hôtel"))

    assert STAND_IN in text
    assert "Hôtel" in text
    assert "Café" in text


def test_every_part_of_a_document_can_contain_such_characters() -> None:
    odd = "\U00012000\x00"
    party = Party(odd, odd, odd, odd, "DE", odd, odd)
    invoice = an_invoice(lines=(line(odd),))
    invoice = replace(
        invoice,
        number=odd,
        organization=odd,
        buyer_reference=odd,
        seller=party,
        buyer=party,
        account=Account(odd, odd, odd),
        taxes=(replace(invoice.taxes[0], reason=odd),),
    )

    assert printed(invoice).count(STAND_IN * 2) >= 15


# Letters, marks and control characters of scripts that are not used together.
_SIGNS = st.sampled_from(
    "A1 \u0301\u034f\u0591\u05d0\u064b\u0628\u0900\u093f\u0915\u0e33\u0e01\u17d2\u1780\u1039\u1000"
    "\u1100\u1161\u11a8\u115f\u3164\u4e00\u200b\u200d\u200f\u202e\u2067\u20e3\ufe0f\ufff9\t\x85\u2028"
    "\U0001f468\U0001f3fb\U0001f1e9\U000e007f\U0001d165\U00012000"
)


@settings(max_examples=100, deadline=None)
@given(
    name=st.text(min_size=1),
    tariffs=st.lists(st.text(_SIGNS, min_size=1, max_size=8), min_size=1, max_size=8),
)
def test_any_text_can_be_printed(name: str, tariffs: list[str]) -> None:
    assert pdf(to(an_invoice(lines=tuple(map(line, tariffs))), name=name))
