#!/usr/bin/env bash
# meshio 5.3.5 beside trimesh 5.2.0, from PyPI, Python 3.11, Linux (2026-11-30).
#
# In a Wavefront OBJ file a face names its corners by number, from 1 on, or, if negative, counted back from the last vertex: -1 is the last
# one (Wavefront, "Object Files", Referencing groups of vertices). meshio takes 1 off every number, so that -1 becomes -2. As indices of a NumPy
# array those are valid, and name the vertex before. In a PLY file the coordinates are the properties called x, y and z, in whatever order;
# meshio counts how many of them stand first, second and third and takes as many columns. Seen:
#   in the file, of five vertices             meshio                                trimesh
#   f -4 -3 -2                                corners -5, -4, -3, area 5            the second to the fourth, area 1
#   f 2 3 4                                   corners 1, 2, 3, area 1               the same
#   PLY, properties z, y, x                   points of one coordinate, which is y; z is lost                     x, y, z
# No error, no warning: only a first vertex that is counted back from the end raises, and not before the points are looked up.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q meshio==5.3.5 trimesh==5.2.0 numpy==2.4.6
tools/bin/python - <<'PY'
import meshio
import numpy as np
import trimesh

CORNERS = "v 5 5 0\nv 0 0 0\nv 2 0 0\nv 2 1 0\nv 0 1 0\n"


def read(name, text):
    with open(name, "w") as file:
        file.write(text)
    return meshio.read(name), trimesh.load(name, process=False)


def area(points, corners):
    one, two, three = (np.asarray(points)[corner] for corner in corners)
    return float(np.linalg.norm(np.cross(two - one, three - one)) / 2)


for face, seen, right in (("-4 -3 -2", [-5, -4, -3], [1, 2, 3]), ("2 3 4", [1, 2, 3], [1, 2, 3])):
    found, other = read("made.obj", f"{CORNERS}f {face}\n")
    corners = found.cells[0].data[0].tolist()
    print(face, corners, other.faces[0].tolist(), area(found.points, corners), area(other.vertices, other.faces[0]))
    assert corners == seen
    assert np.allclose(other.triangles[0], np.array([[0, 0, 0], [2, 0, 0], [2, 1, 0]]))
assert area(found.points, [1, 2, 3]) == 1 and area(found.points, [-5, -4, -3]) == 5

head = "".join(f"property float {name}\n" for name in "zyx")
ply, other = read(
    "made.ply",
    f"ply\nformat ascii 1.0\nelement vertex 3\n{head}element face 1\nproperty list uchar int vertex_indices\nend_header\n"
    "9 0 0\n9 0 2\n9 1 2\n3 0 1 2\n",
)
print(ply.points.tolist(), {name: values.tolist() for name, values in ply.point_data.items()}, other.vertices.tolist())
assert ply.points.tolist() == [[0], [0], [1]] and sorted(ply.point_data) == ["x", "y"]
assert other.vertices.tolist() == [[0, 0, 9], [2, 0, 9], [2, 1, 9]]
PY
