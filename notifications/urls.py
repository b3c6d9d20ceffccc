"""Addresses of the newsletter."""

from django.urls import path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("newsletter/", views.newsletter, name="newsletter"),
    path("newsletter/confirm/<str:token>/", views.join, name="join"),
    path("newsletter/leave/<str:token>/", views.leave, name="leave"),
]
