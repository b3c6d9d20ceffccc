"""Every address of the storefront."""

from django.urls import path

from deferral.inbox.views import receiver
from orders.payments.notices import PROVIDER
from shop.supplier_notices import PRINT_ROOM, WAREHOUSE
from shop.views import (
    account,
    art,
    bank,
    basket,
    captions,
    catalogue,
    checkout,
    deletion,
    downloads,
    finding,
    health,
    login,
    orders,
    paying_again,
    returns,
    search,
)

app_name = "shop"
urlpatterns = [
    path("", catalogue.home, name="home"),
    path("search/", search.search, name="search"),
    path("search/suggest/", search.suggest, name="suggest"),
    path("products/<slug:slug>/", catalogue.product, name="product"),
    path("art/hero.svg", art.hero, name="hero"),
    path("art/hero.png", art.hero_png, name="hero_png"),
    path("art/<slug:slug>.png", art.picture_png, name="art_png"),
    path("art/<slug:slug>.svg", art.picture, name="art"),
    path("captions/<slug:tag>-<slug:digest>.vtt", captions.captions, name="captions"),
    path("cart/", basket.cart, name="cart"),
    path("cart/add/", basket.add, name="cart_add"),
    path("cart/update/", basket.update, name="cart_update"),
    path("cart/remove/", basket.remove, name="cart_remove"),
    path("checkout/", checkout.checkout, name="checkout"),
    path("orders/", orders.orders, name="orders"),
    path("orders/find/", finding.find_order, name="find_order"),
    path("orders/find/mailed/", finding.order_mailed, name="order_mailed"),
    path("orders/found/<str:secret>/", finding.order_found, name="order_found"),
    path("orders/<slug:number>/", orders.order, name="order"),
    path("orders/<slug:number>/steps/", orders.order_steps, name="order_steps"),
    path("orders/<slug:number>/bank/", bank.to_bank, name="order_bank"),
    path("orders/<slug:number>/back/", bank.back, name="order_back"),
    path("orders/<slug:number>/returns/", returns.returns, name="returns"),
    path(
        "orders/<slug:number>/returns/<slug:tag>/withdraw/",
        returns.withdraw,
        name="withdraw_return",
    ),
    path("orders/<slug:number>/pay/", paying_again.pay_again, name="pay_again"),
    path("orders/<slug:number>/downloads/<path:sku>/", downloads.download, name="download"),
    path("login/", login.login, name="login"),
    path("login/code/", login.login_code, name="login_code"),
    path("login/link/<str:secret>/", login.login_link, name="login_link"),
    path("account/", account.account, name="account"),
    path("account/logout/", account.log_out, name="log_out"),
    path("account/delete/", deletion.delete_account, name="delete_account"),
    path("account/delete/asked/", deletion.deletion_asked, name="deletion_asked"),
    path("account/keep/", deletion.keep_account, name="keep_account"),
    path("payments/webhook/", receiver(PROVIDER), name="payment_webhook"),
    path("suppliers/print-room/notices/", receiver(PRINT_ROOM), name="told_by_print_room"),
    path("suppliers/warehouse/notices/", receiver(WAREHOUSE), name="told_by_warehouse"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("favicon.ico", art.favicon),
    path("favicon.svg", art.favicon, name="favicon"),
]
