"""Whether a phone number looks like one of China's, as people write them."""

import re

USUAL = re.compile(
    r"(\+?86[- ]?)?(1[3-9]\d[- ]?\d{4}[- ]?\d{4}"  # mobile
    r"|(\(?0\d{2,3}\)?[- ]?)?[2-8]\d{2,3}[- ]?\d{4}"  # land line, with or without area code
    r"|[48]00[- ]?\d{3,4}[- ]?\d{3,4}|1[0-2]\d{3,4}|9[56]\d{3,4})"  # service lines
    r"([- ]?(转|分机|ext\.?|[-#*])[- ]?\d{1,6})?"
)


def usual_phone(text: str) -> bool:
    """Whether a phone number, or each of several joined by 、 , ; or /, has a usual form."""
    numbers = [number.strip() for number in re.split(r"[、,;/]", text)]
    return all(USUAL.fullmatch(number.lower()) for number in numbers)
