"""The strangers, what they remember, and how they fail.

A request passes the gate (faults), then time (latency), then the book (acceptance, committed
before the reply).
"""
