"""The verdict on a film, by its stills and its poster. Before it nobody sees anything of it."""

from deferral.tasks import finishing
from media.announcing import announce_change
from media.belonging import of_nobody
from media.films.giving_up import thrice
from media.films.keeping import film_of
from media.films.moderation import moderator
from media.models import Asset, Variant

SEEN = (Variant.Kind.STILL, Variant.Kind.POSTER)
# What a moderator may say. Whatever else one of yours says is for a person.
VERDICTS = {Asset.Verdict.OK, Asset.Verdict.REVIEW, Asset.Verdict.REFUSED}


def judge(*, tag: str) -> None:
    """Ask, and write it down together with `done`. What a person has decided stays. Safe to repeat.

    What belongs to something that a person decides about, such as a review, is theirs to show:
    nothing that is said here makes it public.
    Nothing happens where the film was deleted meanwhile.
    """
    asset = film_of(tag)
    if asset is None:
        return
    seen = asset.variants.filter(kind__in=SEEN, forgotten_at=None).order_by("kind", "measure")
    with thrice():
        verdict = moderator().check([each.read() for each in seen])
    with finishing():
        said = verdict if verdict in VERDICTS else Asset.Verdict.REVIEW
        found = Asset.objects.filter(pk=asset.pk)
        found.update(moderated=said)
        nobody = found.filter(verdict=Asset.Verdict.UNSEEN)
        if nobody.update(verdict=said if of_nobody(nobody).exists() else Asset.Verdict.REVIEW):
            announce_change(asset)
