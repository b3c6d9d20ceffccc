"""Addresses of the newsletter, and of a mail provider's notices."""

from django.urls import path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("newsletter/", views.newsletter, name="newsletter"),
    path("newsletter/confirm/<str:token>/", views.join, name="join"),
    path("mail/notices/", views.mail_notices, name="mail_notices"),
    path("newsletter/leave/<str:token>/", views.leave, name="leave"),
]
