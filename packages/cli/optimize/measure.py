"""How well and how fast two sessions of the same model answer a sample."""

import time

import numpy as np


class MeasureError(Exception):
    """The sample and the model do not fit each other."""


def judged_outputs(session, requests, wanted, measure):
    """Names of the outputs that are compared."""
    names = [output.name for output in session.get_outputs()]
    if wanted is not None:
        if wanted not in names:
            raise MeasureError(f"--output: the model has no output {wanted}; it has {', '.join(names)}")
        return [wanted]
    expected = sorted({name for _, outputs in requests for name in outputs})
    if expected:
        unknown = [name for name in expected if name not in names]
        if unknown:
            raise MeasureError(f"the sample expects output {unknown[0]}; the model has {', '.join(names)}")
        return expected
    floats = [output.name for output in session.get_outputs() if output.type in FLOATS]
    others = [name for name in names if name not in floats]
    found = others if measure == "equal" else floats
    if not found:
        raise MeasureError(f"--measure {measure}: none of the outputs suits it; name one of {', '.join(names)} by --output")
    return found


FLOATS = ("tensor(float)", "tensor(double)", "tensor(float16)")


def answers(session, requests, outputs):
    try:
        return [dict(zip(outputs, session.run(outputs, inputs))) for inputs, _ in requests]
    except Exception as error:
        raise MeasureError(f"the model does not take the sample: {error}") from error


def accuracy(found, expected, measure):
    """A share of equal answers, from 0 to 1, or the greatest error, over all requests and outputs."""
    shares, total, worst = 0, 0, 0.0
    for one, other in zip(found, expected):
        for name, reference in other.items():
            value = one[name]
            if measure == "argmax":
                equal = classes(value, reference)
            else:
                same_shape(name, value, reference)
                if measure in ("absolute", "relative"):
                    worst = max(worst, error(value, reference, measure))
                    continue
                equal = np.asarray(value == reference)
            shares += int(np.count_nonzero(equal))
            total += equal.size
    return worst if measure in ("absolute", "relative") else shares / max(total, 1)


def classes(value, reference):
    """Compares the likeliest class, along the last axis, with that of the reference or with its labels."""
    chosen = np.argmax(value, axis=-1)
    labels = reference if reference.ndim == value.ndim - 1 else np.argmax(reference, axis=-1)
    same_shape("argmax", chosen, labels)
    return np.asarray(chosen == labels)


def same_shape(name, value, reference):
    if value.shape != reference.shape:
        raise MeasureError(f"output {name} has shape {list(value.shape)}, the sample expects {list(reference.shape)}")


def error(value, reference, measure):
    value, reference = value.astype(np.float64), reference.astype(np.float64)
    if not np.all(np.isfinite(value)):
        return float("inf") if np.all(np.isfinite(reference)) else 0.0
    difference = np.abs(value - reference)
    if measure == "relative":
        difference = difference / np.maximum(np.abs(reference), 1e-6)
    return float(np.max(difference, initial=0.0))


def speeds(one, other, requests, seconds):
    """Median microseconds per pass over the sample, in turns in this one process, so that both meet the same load."""
    times = ([], [])
    for _ in range(2):
        for candidate in (one, other):
            run_all(candidate, requests)
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times[0]) < 5:
        # Who is second finds warmer caches: they take turns in that, too.
        order = (0, 1) if len(times[0]) % 2 == 0 else (1, 0)
        for i in order:
            begun = time.perf_counter()
            run_all((one, other)[i], requests)
            times[i].append((time.perf_counter() - begun) * 1e6)
    return [float(np.median(each)) / len(requests) for each in times], len(times[0])


def run_all(candidate, requests):
    for inputs, _ in requests:
        candidate.run(None, inputs)
