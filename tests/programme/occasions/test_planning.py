"""Planning: what is impossible refuses, what is unwise warns, those it concerns are told."""

from programme.models import Invitation
from tests.programme.occasions.builders import Scene, occasion_in


def test_an_added_occasion_is_booked_and_invites_the_group(scene: Scene) -> None:
    occasion = occasion_in(scene, venue=scene.venue, trainers=[scene.trainer])
    assert occasion.bookings.get().venue == scene.venue
    assert list(occasion.trainers.all()) == [scene.trainer]
    invited = Invitation.objects.filter(occasion=occasion, withdrawn_at=None)
    assert {row.participation for row in invited} == set(scene.members)
