"""Becomes the Triton of nvidia-pytriton's wheel, on a model repository that is there.

Usage: launch_triton.py REPOSITORY WORK FLAGS

The wheel has the server, its Python backend and its response cache, and no other backend: each model of the
repository that names one gets `echo_model.py` in its place. WORK is an empty folder; FLAGS is a JSON list.
"""

import json
import os
import shutil
import sys
import sysconfig
from pathlib import Path

import pytriton

repository, work, flags = Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3])
packages = Path(pytriton.__file__).parent.parent
bundled = packages / "pytriton" / "tritonserver"

for config in repository.glob("*/config.pbtxt"):
    text = config.read_text()
    if 'backend: "onnxruntime"' not in text:
        continue
    changed = text.replace('backend: "onnxruntime"', 'backend: "python"')
    config.write_text(changed.replace('default_model_filename: "model.onnx"\n', ""))
    for version in config.parent.glob("[0-9]*"):
        shutil.copy(Path(__file__).parent / "echo_model.py", version / "model.py")

# The backend looks for the stub of its Python beside itself, where the wheel keeps none.
backends = work / "backends"
shutil.copytree(bundled / "backends", backends)
stub = f"{sys.version_info.major}.{sys.version_info.minor}"
shutil.copy(bundled / "python_backend_stubs" / stub / "triton_python_backend_stub", backends / "python")

libraries = [packages / "nvidia_pytriton.libs", Path(sysconfig.get_config_var("LIBDIR"))]
os.environ["LD_LIBRARY_PATH"] = os.pathsep.join(map(str, libraries))
# The stub looks for its packages where the first python of the PATH has them.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
server = bundled / "bin" / "tritonserver"
folders = [f"--backend-directory={backends}", f"--cache-directory={bundled / 'caches'}"]
os.execv(server, [str(server), *folders, *flags])
