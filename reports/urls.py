"""Addresses of documents, statements and tickets."""

from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("orders/<str:number>/documents/ticket/", views.tickets, name="tickets"),
    path("orders/<str:number>/documents/<path:key>/", views.document, name="document"),
    path("statements/<str:key>/", views.statement, name="statement"),
    path("tickets/<str:code>/", views.ticket, name="ticket"),
]
