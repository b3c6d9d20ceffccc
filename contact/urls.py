"""Where people write to us."""

from django.urls import path

from contact import views

app_name = "contact"
urlpatterns = [
    path("contact/", views.contact, name="contact"),
    path("contact/sent/<slug:tag>/", views.sent, name="sent"),
]
