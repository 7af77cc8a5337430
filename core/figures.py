"""How figures are written in Swedish text: no-break spaces, comma, space before the unit."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

SPACE = "\xa0"
MINUS = "\N{MINUS SIGN}"


def grouped(value: Decimal, decimals: int) -> str:
    """A number with its thousands apart and exactly so many decimals: 14 238 996 or 45,51."""
    step = Decimal(1).scaleb(-decimals)
    # Half up, as money is rounded by hand; Python's default would round 0.5 to 0.
    rounded = value.quantize(step, rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,.{decimals}f}".replace(",", SPACE).replace(".", ",")
    return f"{MINUS}{text}" if rounded < 0 else text


def as_decimal(value: object) -> Decimal | None:
    """The value as a number, or None when it is none."""
    if value is None or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value).replace(SPACE, "").replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def kronor(value: object, decimals: int = 0) -> str:
    """An amount of money: 14 238 996 kr."""
    number = as_decimal(value)
    return "" if number is None else f"{grouped(number, decimals)}{SPACE}kr"


def percent(value: object, decimals: int = 2) -> str:
    """A share that is already in per cent: 45,51 %."""
    number = as_decimal(value)
    return "" if number is None else f"{grouped(number, decimals)}{SPACE}%"


def hours(minutes: object) -> str:
    """Minutes as hours and minutes in words: 26 tim, 1 tim 30 min, 45 min."""
    number = as_decimal(minutes)
    if number is None:
        return ""
    whole, rest = divmod(int(number), 60)
    parts = []
    if whole or not rest:
        parts.append(f"{grouped(Decimal(whole), 0)}{SPACE}tim")
    if rest:
        parts.append(f"{rest}{SPACE}min")
    return " ".join(parts)


def plain(value: object) -> str:
    """A count with its thousands apart; decimals only when the value has them; words untouched."""
    if isinstance(value, str):
        return value
    number = as_decimal(value)
    if number is None:
        return "" if value is None else str(value)
    if number == number.to_integral_value():
        return grouped(number, 0)
    return grouped(number, min(2, -int(number.as_tuple().exponent)))
