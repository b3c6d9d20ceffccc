"""What happens to people's accounts. Payloads are ids; subscribers read the rest fresh."""

from deferral.events import DomainEvent, event


@event("accounts.login_link_requested")
class LoginLinkRequested(DomainEvent):
    """Somebody has typed an address. Nobody has looked yet whether anybody has it."""

    link_id: int


@event("accounts.user_registered")
class UserRegistered(DomainEvent):
    """A new account, of a mailbox that was shown to be theirs. `tag` stands for it outside."""

    user_id: int
    tag: str


@event("accounts.address_proven")
class AddressProven(DomainEvent):
    """A customer has logged in from their mailbox: what was left under that address is theirs."""

    user_id: int


@event("accounts.account_deletion_asked")
class AccountDeletionAsked(DomainEvent):
    """Its owner wants the account deleted. It can be taken back for some days."""

    deletion_id: int


@event("accounts.account_deleted")
class AccountDeleted(DomainEvent):
    """Nothing of its owner is left but what the law keeps, under a pseudonym."""

    deletion_id: int
