"""An account is deleted: asked for by its owner, after some days, by a long job.

What the law keeps stays under a pseudonym; each app says what that is (`accounts.personal_data`).
Until the job begins its owner may take it back. From then on nobody logs in to the account; whoever
logs in after its end has a new one.
"""
