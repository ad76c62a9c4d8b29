"""Becomes Triton with its Python backend, both as the wheel of nvidia-pytriton has them.

Usage: triton_launch.py FOLDER SETTINGS

FOLDER is empty and gets the model repository. SETTINGS is JSON: `name`, `config` (config.pbtxt) and
`flags` of the server.
"""

import json
import os
import shutil
import sys
import sysconfig
from pathlib import Path

import pytriton

folder, settings = Path(sys.argv[1]), json.loads(sys.argv[2])
packages = Path(pytriton.__file__).parent.parent
bundled = packages / "pytriton" / "tritonserver"

model = folder / "repository" / settings["name"]
(model / "1").mkdir(parents=True)
(model / "config.pbtxt").write_text(settings["config"])
# The backend's Python is an isolated one: it looks into the model's folder, and not at PYTHONPATH.
shutil.copy(Path(__file__).parent / "triton_model.py", model / "1" / "model.py")
shutil.copy(Path(__file__).parent / "engine.py", model / "1")

# The backend looks for the stub of its Python beside itself, where the wheel keeps none.
backends = folder / "backends"
shutil.copytree(bundled / "backends", backends)
version = f"{sys.version_info.major}.{sys.version_info.minor}"
stub = bundled / "python_backend_stubs" / version / "triton_python_backend_stub"
shutil.copy(stub, backends / "python")

libraries = [packages / "nvidia_pytriton.libs", Path(sysconfig.get_config_var("LIBDIR"))]
os.environ["LD_LIBRARY_PATH"] = os.pathsep.join(map(str, libraries))
# The stub looks for its packages where the first python of the PATH has them.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
server = bundled / "bin" / "tritonserver"
os.execv(
    server,
    [
        str(server),
        *("--model-repository", str(folder / "repository")),
        *("--backend-directory", str(backends)),
        *settings["flags"],
    ],
)
