"""Every address."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("notifications.urls")),
    path("", include("reports.urls")),
    path("", include("media.urls")),
    path("", include("reviews.urls")),
    path("", include("contact.urls")),
    path("", include("shop.urls")),
]
handler404 = "shop.views.page_not_found"
handler500 = "shop.views.server_error"
