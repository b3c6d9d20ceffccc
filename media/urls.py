"""Addresses of what is made of uploads."""

from django.urls import path

from media import film_views, upload_views, views

app_name = "media"
urlpatterns = [
    path("pictures/<slug:tag>/<slug:named>.<slug:format>", views.picture, name="picture"),
    path("films/<slug:tag>/<slug:kind>/<slug:named>.<slug:format>", film_views.film, name="film"),
    path("uploads/", upload_views.uploads, name="uploads"),
    path("uploads/whole/", upload_views.upload_plain, name="upload_plain"),
    path("uploads/<slug:tag>/", upload_views.upload, name="upload"),
    path("uploads/<slug:tag>/sent/", upload_views.upload_sent, name="upload_sent"),
    path("uploads/<slug:tag>/cancel/", upload_views.upload_cancel, name="upload_cancel"),
]
