"""Files of exchange rates, as the European Central Bank publishes them."""

from collections.abc import Mapping


def a_file(days: Mapping[str, Mapping[str, str]], sender: str = "European Central Bank") -> bytes:
    """Return a file of rates by day and currency."""
    cubes = "".join(
        f"<Cube time='{day}'>"
        + "".join(f"<Cube currency='{code}' rate='{rate}'/>" for code, rate in rates.items())
        + "</Cube>"
        for day, rates in days.items()
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
<gesmes:subject>Reference rates</gesmes:subject>
<gesmes:Sender><gesmes:name>{sender}</gesmes:name></gesmes:Sender>
<Cube>{cubes}</Cube></gesmes:Envelope>""".encode()
