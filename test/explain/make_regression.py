"""Trains a regression model on scikit-learn's diabetes data, of ten features, and writes it as ONNX.

Usage: make_regression.py MODEL.ONNX; prints rows of the data to explain and to explain against.
"""

import json
import sys
import warnings

import numpy as np
from skl2onnx import to_onnx
from sklearn.datasets import load_diabetes
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

features, target = load_diabetes(return_X_y=True)
features = features.astype(np.float32)
model = make_pipeline(
    StandardScaler(),
    MLPRegressor(hidden_layer_sizes=(32, 16), alpha=1, max_iter=400, random_state=0, solver="lbfgs"),
)
# As good as it gets in so many steps will do.
warnings.filterwarnings("ignore")
model.fit(features[100:], target[100:] / 100)
with open(sys.argv[1], "wb") as file:
    file.write(to_onnx(model, features[:1]).SerializeToString())
rows = {"names": load_diabetes().feature_names, "x": features[0], "background": features[50:100]}
json.dump(rows, sys.stdout, default=lambda array: np.asarray(array).tolist())
