"""Parcels on their way: what suppliers say of them, and what is made of it.

Promises: a parcel's row is made of the set of all that was said of it, so that any order and any
repetition of notices gives the same row; a supplier is believed of its own part of an order alone;
what is well signed and wrong is kept, shown to staff and not obeyed; that a parcel was sent is
announced once. Staff correct a parcel by saying something themselves. A supplier that says nothing
for too long is asked, and its answer goes the way of a notice.
"""
