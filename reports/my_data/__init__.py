"""All that the shop keeps of a customer, as a ZIP of JSON and of the documents themselves.

Each app says what that is (`accounts.personal_data`): a new one is in it without a change here.
"""
