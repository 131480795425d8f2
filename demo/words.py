"""Names of the demonstration's people, companies and cameras."""

# Cyrillic is intended, and letters in a row are easier to compare than a list.
# ruff: noqa: RUF001, SIM905

from __future__ import annotations

import unicodedata
from typing import NamedTuple


class Region(NamedTuple):
    """A time zone and the names used there; a title is a brand, a trade and a legal form."""

    time_zone: str
    language: str
    currency: str
    pattern: str
    brands: tuple[str, ...]
    trades: tuple[str, ...]
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]


_ENGLISH_TRADES = (
    "Logistics", "Retail", "Parking", "Property Management", "Hotels", "Foods", "Schools Trust",
    "Storage", "Car Wash", "Clinics", "Freight", "Garden Centres",
)  # fmt: skip

REGIONS = (
    Region(
        "Europe/Berlin", "de", "EUR", "{brand} {trade} GmbH",
        ("Nordlicht", "Spreebogen", "Alsterhof", "Grünwald", "Rheinufer", "Elbtal", "Havelland",
         "Brückner & Söhne", "Köhler", "Schwarzwald", "Lindenhof"),
        ("Logistik", "Parkhaus", "Hausverwaltung", "Baumarkt", "Hotelbetriebe", "Lebensmittel",
         "Autohaus", "Apotheken", "Spedition", "Kindergärten"),
        ("Anna", "Jürgen", "Katrin", "Matthias", "Sabine", "Uwe", "Lea", "Björn"),
        ("Schäfer", "Müller", "Weiß", "Hoffmann", "Köster", "Lange", "Brandt", "Neumann"),
    ),
    Region(
        "Europe/London", "en", "EUR", "{brand} {trade} Ltd",
        ("Harbour Street", "Kingfisher", "Old Mill", "Thornbury", "Ashdown", "Redbrick",
         "St Anne's", "Pennine", "Greenwich Yard", "Foxglove"),
        _ENGLISH_TRADES,
        ("Oliver", "Amelia", "George", "Isla", "Harry", "Ava", "Jack", "Priya"),
        ("Bennett", "Clarke", "Davies", "Evans", "Hughes", "O'Neill", "Patel", "Walker"),
    ),
    Region(
        "Europe/Moscow", "ru", "EUR", "ООО «{brand} {trade}»",
        ("Север", "Заречье", "Новый Мост", "Вектор", "Полюс", "Сокол", "Восход", "Рубеж",
         "Каскад", "Меридиан"),
        ("Логистика", "Паркинг", "Недвижимость", "Ритейл", "Склад", "Сервис", "Клиника",
         "Автоцентр", "Отель"),
        ("Алексей", "Мария", "Дмитрий", "Елена", "Сергей", "Ольга", "Иван", "Татьяна"),
        ("Шевченко", "Литвин", "Коваленко", "Бондарь", "Мороз", "Ткач", "Савченко", "Бойко"),
    ),
    Region(
        "Asia/Tokyo", "en", "USD", "{brand} {trade} K.K.",
        ("Asahi Minato", "Hoshino", "Sakura", "Kitano", "Aoba", "Fujimi", "Midori", "Hikari"),
        ("Logistics", "Parking", "Foods", "Hotels", "Clinics", "Estates", "Rail Services"),
        ("Haruto", "Yui", "Sota", "Aoi", "Ren", "Hina", "Kaito", "Mei"),
        ("Sato", "Suzuki", "Takahashi", "Tanaka", "Watanabe", "Ito", "Nakamura", "Kobayashi"),
    ),
    Region(
        "America/New_York", "en", "USD", "{brand} {trade} LLC",
        ("Hudson Bay", "Liberty", "Maple Avenue", "Eastside", "Blue Ridge", "Brookfield",
         "Harlem River", "Union", "Cedar Grove", "Keystone"),
        _ENGLISH_TRADES,
        ("James", "Emily", "Michael", "Olivia", "Daniel", "Sophia", "Carlos", "Grace"),
        ("Anderson", "Brooks", "Carter", "Diaz", "Foster", "Nguyen", "Reed", "Sullivan"),
    ),
    Region(
        "America/Sao_Paulo", "en", "USD", "{brand} {trade} Ltda.",
        ("Ipiranga", "Boa Vista", "Três Irmãos", "Paulista", "Atlântica", "Santa Clara",
         "Horizonte", "Jacarandá"),
        ("Logística", "Estacionamentos", "Hotéis", "Alimentos", "Imóveis", "Clínicas",
         "Transportes"),
        ("João", "Beatriz", "Lucas", "Camila", "Rafael", "Larissa", "Thiago", "Inês"),
        ("Almeida", "Barbosa", "Conceição", "Ferreira", "Gonçalves", "Lima", "Rocha", "Souza"),
    ),
    Region(
        "Asia/Kolkata", "en", "USD", "{brand} {trade} Pvt. Ltd.",
        ("Lotus", "Ganga", "Sunrise", "Malabar", "Deccan", "Himalaya", "Saffron", "Monsoon"),
        ("Logistics", "Textiles", "Hospitals", "Parking", "Foods", "Tech Parks", "Warehousing"),
        ("Aarav", "Ananya", "Vikram", "Diya", "Rohan", "Kavya", "Arjun", "Meera"),
        ("Bose", "Chopra", "Desai", "Gupta", "Iyer", "Kapoor", "Mehta", "Rao"),
    ),
    Region(
        "Africa/Cairo", "en", "EUR", "{brand} {trade} S.A.E.",
        ("Nile", "Delta", "Giza", "Zamalek", "Sphinx", "Cornice", "Oasis", "Heliopolis"),
        ("Logistics", "Hotels", "Pharmacies", "Parking", "Ports", "Malls", "Schools"),
        ("Ahmed", "Fatma", "Omar", "Salma", "Youssef", "Nour", "Karim", "Laila"),
        ("Abdallah", "Farouk", "Hassan", "Mansour", "Nasser", "Saleh", "Shafik", "Zaki"),
    ),
    Region(
        "UTC", "en", "USD", "{brand} {trade}",
        ("Polar", "Northern Sea", "Longitude Zero", "Meridian", "Tradewind", "Beacon", "Anchor"),
        ("Shipping", "Container Terminals", "Research Stations", "Data Centres", "Pipelines",
         "Telecom", "Harbours"),
        ("Ingrid", "Lars", "Freya", "Magnus", "Astrid", "Erik", "Solveig", "Nils"),
        ("Berg", "Dahl", "Eide", "Haugen", "Lund", "Moen", "Strand", "Vik"),
    ),
    Region(
        "Europe/Paris", "en", "EUR", "{brand} {trade} SARL",
        ("Belle Rive", "Pont Neuf", "L'Étoile", "Montclair", "Les Tilleuls", "Grand Large",
         "Saint-Rémy", "Vauban"),
        ("Logistique", "Parkings", "Immobilier", "Hôtels", "Pharmacies", "Primeurs",
         "Transports"),
        ("Camille", "Théo", "Chloé", "Hugo", "Manon", "Louis", "Zoé", "François"),
        ("Bernard", "Dubois", "Fournier", "Girard", "Lefèvre", "Moreau", "Perrin", "Roux"),
    ),
)  # fmt: skip

# By the organization's number: titles that pages must be able to show.
SPECIAL_TITLES = {
    0: "Hansa Logistikpark Hamburg GmbH",
    10: "Kommunale Wohnungsbau- und Grundstücksverwaltungsgesellschaft für die Metropolregion "
    "Berlin-Brandenburg und die angrenzenden Landkreise mbH & Co. KG",
    19: "Magazyny Nadbrzeżne sp. z o.o.",
}

# The beginning of a stream name, and the name of the place in English, German and Russian.
PLACES = (
    ("north-gate", "North gate", "Nordtor", "Северные ворота"),
    ("south-gate", "South gate", "Südtor", "Южные ворота"),
    ("main-entrance", "Main entrance", "Haupteingang", "Главный вход"),
    ("staff-entrance", "Staff entrance", "Personaleingang", "Служебный вход"),
    ("loading-dock", "Loading dock", "Laderampe", "Погрузочная рампа"),
    ("warehouse", "Warehouse", "Lagerhalle", "Склад"),
    ("cold-store", "Cold store", "Kühlhaus", "Холодильная камера"),
    ("parking", "Parking", "Parkplatz", "Парковка"),
    ("garage-ramp", "Garage ramp", "Tiefgarage, Rampe", "Въезд в паркинг"),
    ("barrier", "Barrier", "Schranke", "Шлагбаум"),
    ("lobby", "Lobby", "Foyer", "Холл"),
    ("reception", "Reception", "Empfang", "Ресепшен"),
    ("corridor", "Corridor", "Flur", "Коридор"),
    ("stairwell", "Stairwell", "Treppenhaus", "Лестница"),
    ("lift", "Lift", "Aufzug", "Лифт"),
    ("server-room", "Server room", "Serverraum", "Серверная"),
    ("cash-desk", "Cash desk", "Kasse", "Касса"),
    ("sales-floor", "Sales floor", "Verkaufsraum", "Торговый зал"),
    ("yard", "Yard", "Hof", "Двор"),
    ("fence-east", "East fence", "Zaun Ost", "Восточное ограждение"),
    ("roof", "Roof", "Dach", "Крыша"),
    ("fuel-pump", "Fuel pump", "Zapfsäule", "Топливная колонка"),
    ("playground", "Playground", "Spielplatz", "Детская площадка"),
    ("bicycle-shed", "Bicycle shed", "Fahrradkeller", "Велопарковка"),
)
LANGUAGES = ("en", "de", "ru")

_CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh sch  y  e yu ya".split(" "),
        strict=True,
    )
)
_LATIN = str.maketrans({**_CYRILLIC, "ß": "ss", "ø": "o", "ü": "ue", "ö": "oe", "ä": "ae"})


def mailbox(name: str) -> str:
    """Return the part of an email address before the @: `juergen.weiss` for `Jürgen Weiß`."""
    spelled = unicodedata.normalize("NFKD", name.lower().translate(_LATIN))
    letters = "".join(letter for letter in spelled if letter == " " or "a" <= letter <= "z")
    return letters.replace(" ", ".")
