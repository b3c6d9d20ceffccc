"""The two tables of the search, as statements name them: the ones that are read, or being built."""

from dataclasses import dataclass
from typing import Any

from psycopg import sql


@dataclass(frozen=True, slots=True)
class Tables:
    """`products` has a row for each product, `words` one for each word of theirs."""

    products: str
    words: str

    def named(self, statement: str, **more: sql.Composable) -> Any:
        """With these in the place of `{products}` and `{words}`."""
        names = {"products": sql.Identifier(self.products), "words": sql.Identifier(self.words)}
        return sql.SQL(statement).format(**names, **more)


READ = Tables("shop_productsearch", "shop_searchword")
BUILT = Tables("shop_productsearch_built", "shop_searchword_built")
