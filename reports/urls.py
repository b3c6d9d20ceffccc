"""Addresses of documents, statements and tickets."""

from django.urls import path

from reports import my_data_views, views

app_name = "reports"
urlpatterns = [
    path("orders/<str:number>/documents/ticket/", views.tickets, name="tickets"),
    path("orders/<str:number>/documents/<path:key>/", views.document, name="document"),
    path("account/data/", my_data_views.my_data, name="my_data"),
    path("account/data/status/", my_data_views.status, name="my_data_status"),
    path("account/data/file/", my_data_views.file, name="my_data_file"),
    path("statements/<str:key>/", views.statement, name="statement"),
    path("tickets/<str:code>/", views.ticket, name="ticket"),
]
