"""The shop window kept warm: cards of products, and what stands beside and below one of them.

What is kept is everybody's: it is made without a request. What is a visitor's own (their form's
token, the address they are at) is put in when it is shown. Stock and price are not kept with it:
they are at most `stock.OLDEST` seconds old, and a card that shows others is made anew at once.
"""
