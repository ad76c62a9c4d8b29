"""Trains both versions of the fraud model and writes them, with what they must answer.

Writes ../repository/fraud/{1,2}/model.onnx and expected.json. Version 1 is a neural network of
two hidden layers, version 2 gradient-boosted trees; both take `features` FP32 [-1, 20] and give
`label` INT64 [-1] and `probabilities` FP32 [-1, 2], so that one replaces the other unseen.
With the pinned requirements.txt two runs on one machine give the same bytes.
"""

import os

# More threads would change the order of sums, and with it the last bits of the weights.
for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{library}_NUM_THREADS"] = "1"

import hashlib
import json
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import generate

HERE = Path(__file__).parent
REPOSITORY = HERE.parent / "repository" / "fraud"
TRAINING = {"rows": 200_000, "seed": 101, "label_seed": 102}
HELD_OUT = {"rows": 100_000, "seed": 201, "label_seed": 202}
OPSETS = {"": 17, "ai.onnx.ml": 3}
TOLERANCE = 1e-6
RECORDED_ROWS = 32

MODELS = {
    1: make_pipeline(
        StandardScaler(),
        MLPClassifier((64, 32), alpha=0.1, batch_size=512, max_iter=30, early_stopping=True, random_state=1),
    ),
    2: HistGradientBoostingClassifier(
        max_iter=160,
        learning_rate=0.06,
        max_leaf_nodes=8,
        min_samples_leaf=60,
        l2_regularization=5.0,
        early_stopping=False,
        random_state=1,
    ),
}


def data(rows: int, seed: int, label_seed: int):
    raw = generate.payments(rows, seed)
    return generate.encode(raw), generate.labels(raw, label_seed), generate.fraud_log_odds(raw)


def named_payments() -> dict[str, np.ndarray]:
    """Features of payments.json, by name. Its keys are camelCase, generate.py's columns are not."""
    encoded = {}
    for name, payment in json.loads((HERE / "payments.json").read_text()).items():
        row = {re.sub(r"([A-Z]|(?<=[a-z])\d)", r"_\1", key).lower(): v for key, v in payment.items()}
        at = datetime.fromisoformat(row.pop("at")).astimezone(timezone(timedelta(hours=4)))
        row["hour"] = at.hour + at.minute / 60
        row["weekend"] = at.weekday() >= 5
        row["category"] = generate.CATEGORIES.index(row["category"])
        encoded[name] = generate.encode({key: np.array([value]) for key, value in row.items()})
    return encoded


def export(model) -> bytes:
    """ONNX bytes with true shapes: one named batch dimension, no ZipMap, nothing of the machine."""
    converted = convert_sklearn(
        model,
        "fraud",
        [("features", FloatTensorType([None, len(generate.FEATURES)]))],
        target_opset=OPSETS,
        options={id(model): {"zipmap": False}},
    )
    for tensor in [*converted.graph.input, *converted.graph.output]:
        tensor.type.tensor_type.shape.dim[0].dim_param = "batch"
    # The converter may name a domain twice.
    domains = {opset.domain: opset.version for opset in converted.opset_import}
    del converted.opset_import[:]
    converted.opset_import.extend(onnx.helper.make_opsetid(*opset) for opset in sorted(domains.items()))
    onnx.checker.check_model(converted, full_check=True)
    return converted.SerializeToString(deterministic=True)


def check(exported: bytes, model, rows: np.ndarray) -> None:
    """Stops where the file would not answer what the trained model answers, in the shapes it declares."""
    session = onnxruntime.InferenceSession(exported, providers=["CPUExecutionProvider"])
    declared = [(t.name, t.type, t.shape) for t in [*session.get_inputs(), *session.get_outputs()]]
    assert declared == [
        ("features", "tensor(float)", ["batch", len(generate.FEATURES)]),
        ("label", "tensor(int64)", ["batch"]),
        ("probabilities", "tensor(float)", ["batch", 2]),
    ], declared
    for batch in (1, 3, 32, len(rows)):
        label, probabilities = session.run(None, {"features": rows[:batch]})
        assert label.shape == (batch,) and probabilities.shape == (batch, 2)
        assert np.array_equal(label, model.predict(rows[:batch]))
        difference = np.abs(probabilities - model.predict_proba(rows[:batch])).max()
        assert difference < TOLERANCE, f"batch {batch}: ONNX differs from scikit-learn by {difference}"


def numbers(rows: np.ndarray) -> list[list[float]]:
    """The shortest decimals that read back as the same values."""
    return [[float(str(value)) for value in row] for row in rows]


def main() -> None:
    features, labels, _ = data(**TRAINING)
    held_out, truth, rule = data(**HELD_OUT)
    payments = named_payments()
    recorded = held_out[:RECORDED_ROWS]
    expected = {
        "features": generate.FEATURES,
        "bestPossibleAuc": round(roc_auc_score(truth, rule), 4),
        "versions": {},
        "payments": {
            name: {"features": numbers(row)[0], "probabilities": {}} for name, row in payments.items()
        },
        "heldOut": {"features": numbers(recorded), "probabilities": {}},
    }
    print(f"fraud share {truth.mean():.4f}, best possible AUC {expected['bestPossibleAuc']}")
    for version, model in MODELS.items():
        model.fit(features, labels)
        exported = export(model)
        check(exported, model, held_out)
        path = REPOSITORY / str(version) / "model.onnx"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(exported)
        scores = model.predict_proba(held_out)[:, 1]
        summary = {
            "sha256": hashlib.sha256(exported).hexdigest(),
            "bytes": len(exported),
            "auc": round(roc_auc_score(truth, scores), 4),
            "averagePrecision": round(average_precision_score(truth, scores), 4),
        }
        print(f"version {version}: {summary}")
        expected["versions"][version] = summary
        for name, row in payments.items():
            expected["payments"][name]["probabilities"][version] = numbers(model.predict_proba(row))[0]
        expected["heldOut"]["probabilities"][version] = numbers(model.predict_proba(recorded))
    (HERE / "expected.json").write_text(json.dumps(expected, indent=2) + "\n")


if __name__ == "__main__":
    main()
