"""The search of `foundation.search.index` for texts that are not in a table: the same rules."""

import re
from collections.abc import Callable
from unicodedata import normalize

from foundation.search.index import TWO_LETTERS, words_of

_DOTLESS_I = "\N{LATIN SMALL LETTER DOTLESS I}"
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ø": "o", "ł": "l", "đ": "d", "ð": "d"}
    | {_DOTLESS_I: "i", "ŀ": "l", "ŉ": "n"}
)
# Those that `unaccent` of PostgreSQL knows besides, and two that were accented.
MORE_LETTERS = str.maketrans(
    dict(
        zip(
            "øħĸŋŧƀɓƃƈɖɗƌɛƒɠɩɨƙƚɲƞƥƫƭʈʋƴƶǥȡȥȴȵȶȷⱥȼⱦȿɀʉɇɉɍɏɕɟɡɢɦɧɪɫɬɭɱɳɴɼɽɾ"
            "ʀʂʏʐʑʙʛʜʝʟʠᴀᴃᴄᴅᴆᴇᴊᴋᴌᴍᴏᴘᴛᴜᴠᴡᴢᵬᵭᵮᵯᵰᵱᵲᵳᵴᵵᵶᵻᵽᵾᶀᶁᶂᶃᶄᶅᶆᶇᶈᶉᶊᶌᶍᶎᶏᶑᶒᶓ"
            "ᶖᶙẜẝỽỿⱡⱨⱪⱬⱱⱳⱴⱸⱺ〇ꜰꜱꝁꝃꝅꝇꝉꝋꝍꝑꝓꝕꝗꝙꝟꝱꝲꝳꝴꝵꝶꝷꝺꝼꞇꞑꞓꞡꞣꞥꞧꞩ",
            "ohqntbbbcdddefgiiklnnptttvyzgdzlntjactszuejrycjgghhilllmnnrrr"
            "rsyzzbghjlqabcddejklmoptuvwzbdfmnprrstzipubdfgklmnprsvxzadee"
            "iussvylhkzvwveo0fskkklloopppqqvdlmnrrtdftncgknrs",
            strict=True,
        )
    )
    | {
        "ƕ": "hv",
        "ƣ": "oi",
        "ȸ": "db",
        "ȹ": "qp",
        "ɶ": "oe",
        "ʣ": "dz",
        "ʥ": "dz",
        "ʦ": "ts",
        "ʪ": "ls",
        "ʫ": "lz",
        "ᴁ": "ae",
        "ᵫ": "ue",
        "ᵺ": "th",
        "ỻ": "ll",
        "ꜳ": "aa",
        "ꜵ": "ao",
        "ꜷ": "au",
        "ꜹ": "av",
        "ꜻ": "av",
        "ꜽ": "ay",
        "ꝏ": "oo",
        "ꝡ": "vy",
        "ꝥ": "th",
        "ꝧ": "th",
        "æ": "ae",
    }
)
_ACCENTS = re.compile("[\u0300-\u036f]")
_LEADING_ZEROS = re.compile(" 0+(?=[1-9])")


def folded_text(text: str) -> str:
    """Return what `search_text` in migrations/sql/0004_more_letters.sql returns."""
    lower = normalize("NFC", f" {text.lower()}")
    other = lower.translate(TWO_LETTERS)
    if other != lower:
        lower = f"{lower} {other}"
    plain = _ACCENTS.sub("", normalize("NFKD", lower.translate(_LETTERS))).lower()
    folded = re.sub(r"[\W_]+", "  ", plain.translate(MORE_LETTERS))
    return folded + _LEADING_ZEROS.sub(" ", folded) if " 0" in folded else folded


def is_found(text: str, typed: str) -> bool:
    """Return whether each typed word is in `text`."""
    return finder_of(typed)(text)


def finder_of(typed: str) -> Callable[[str], bool]:
    """Return a function that says whether each typed word is in a text, for many texts."""
    needles = [
        {_needle(word) for word in (each, each.translate(TWO_LETTERS))} for each in words_of(typed)
    ]

    def is_in(text: str) -> bool:
        folded = folded_text(text)
        return all(any(needle in folded for needle in either) for either in needles)

    return is_in


def _needle(word: str) -> str:
    # A few signs, such as an iota subscript on its own, have nothing to look for.
    folded = (folded_text(word).split() or [""])[0]
    return folded if len(folded) > 2 else f"  {folded}"
