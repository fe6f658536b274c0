"""Clusters, origins and chains of transmission, from what each case says and whom it names."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bulou.oversight.drills.tianjin.model import Case
from bulou.oversight.drills.tianjin.words import CLUSTER_OF, IMPORTED, Cluster


def with_clusters(cases: Iterable[Case]) -> list[Case]:
    """Each case with its clusters and origin.

    A case belongs to the clusters of its own exposures and of the cases it names, and theirs in turn; work is
    mutual, so a case also belongs to the clusters of those who name it as a coworker.
    """
    cases = list(cases)
    own = {case.number: {CLUSTER_OF[s] for s in case.settings if s in CLUSTER_OF} for case in cases}
    neighbours: dict[int, set[int]] = {case.number: {link.to for link in case.links} for case in cases}
    for case in cases:
        for link in case.links:
            if link.relation.group == "work":
                neighbours[link.to].add(case.number)
    return [
        replace(case, clusters=_ordered(set().union(*(own[n] for n in reached))), origin=_origin(case))
        for case, reached in ((case, _reach(case.number, neighbours)) for case in cases)
    ]


def chains(cases: Iterable[Case]) -> list[tuple[int, ...]]:
    """The connected groups of linked cases, each in case order, the largest first."""
    cases = list(cases)
    neighbours: dict[int, set[int]] = {case.number: set() for case in cases}
    for case in cases:
        for link in case.links:
            neighbours[case.number].add(link.to)
            neighbours[link.to].add(case.number)
    groups = {tuple(sorted(_reach(case.number, neighbours))) for case in cases}
    return sorted((group for group in groups if len(group) > 1), key=lambda group: (-len(group), group))


def _origin(case: Case) -> str:
    return "imported" if IMPORTED.intersection(case.settings) else "local"


def _ordered(clusters: set[Cluster]) -> tuple[Cluster, ...]:
    return tuple(cluster for cluster in Cluster if cluster in clusters) or (Cluster.UNKNOWN,)


def _reach(start: int, neighbours: Mapping[int, set[int]]) -> set[int]:
    reached, frontier = {start}, [start]
    while frontier:
        fresh = neighbours[frontier.pop()] - reached
        reached |= fresh
        frontier += fresh
    return reached
