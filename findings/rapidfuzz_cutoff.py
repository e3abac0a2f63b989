"""RapidFuzz says 0 for a pair whose similarity is exactly the cutoff.

"If the similarity is smaller than score_cutoff, 0 is returned": but with the very number it has
just returned as the cutoff, `Levenshtein.normalized_similarity` says 0 for more than half of the
pairs here, as the cutoff is turned into a distance in floating point. 0.8 of five letters is one.
"""

from __future__ import annotations

from finding import python_package, report

PINNED = "rapidfuzz==3.14.6"
AS_FOUND = {
    "similarity of aaaaa and aaaab": 0.8,
    "the same with score_cutoff=0.8": 0.0,
    "pairs tried": 435,
    "pairs that are 0 with their own similarity as the cutoff": 249,
}


def seen() -> dict[str, object]:
    from rapidfuzz.distance import Levenshtein

    alike = Levenshtein.normalized_similarity
    pairs = [("a" * n, "a" * (n - k) + "b" * k) for n in range(1, 30) for k in range(n)]
    lost = [pair for pair in pairs if alike(*pair) and not alike(*pair, score_cutoff=alike(*pair))]
    one, other = "aaaaa", "aaaab"
    values = (alike(one, other), alike(one, other, score_cutoff=0.8), len(pairs), len(lost))
    return dict(zip(AS_FOUND, values, strict=True))


if __name__ == "__main__":
    with python_package(PINNED):
        report(PINNED, seen(), AS_FOUND)
