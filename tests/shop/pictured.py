"""Products with pictures."""

from shop.gallery import add_picture
from shop.models import Product, ProductPicture
from tests.media.drawn import photo


def added(product: Product, name: str = "pier.jpg", width: int = 700) -> ProductPicture:
    return add_picture(product_id=product.pk, file=photo(width, 350), name=name)


def of(product: Product) -> list[ProductPicture]:
    return list(ProductPicture.objects.filter(product=product))


def names(product: Product) -> list[str]:
    return [str(each) for each in of(product)]


def three(product: Product) -> list[ProductPicture]:
    return [added(product, name) for name in "abc"]
