"""Where reviews are written and read."""

from django.urls import path

from reviews import film_views, views

app_name = "reviews"
urlpatterns = [
    path("orders/<slug:number>/review/<int:line_id>/", views.review, name="review"),
    path("orders/<slug:number>/review/<int:line_id>/film/", film_views.film, name="film"),
    path("products/<slug:slug>/reviews/", views.of_product, name="of_product"),
]
