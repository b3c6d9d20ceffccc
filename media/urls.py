"""Addresses of what is made of uploads."""

from django.urls import path

from media import views

app_name = "media"
urlpatterns = [
    path("pictures/<slug:tag>/<slug:named>.<slug:format>", views.picture, name="picture"),
]
