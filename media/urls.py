"""Addresses of what is made of uploads."""

from django.urls import path

from media import film_views, views

app_name = "media"
urlpatterns = [
    path("pictures/<slug:tag>/<slug:named>.<slug:format>", views.picture, name="picture"),
    path("films/<slug:tag>/<slug:kind>/<slug:named>.<slug:format>", film_views.film, name="film"),
]
