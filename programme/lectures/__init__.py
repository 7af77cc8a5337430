"""Digital lectures: recordings with captions, what was watched, and when it becomes hours.

Beacons of the player say which part was watched; `rules` believes no more of it than the
server's clock allows. Once enough is watched, the times become `Segment`s of one occasion
a day, and the engine of hours counts them like all other times present.
"""
