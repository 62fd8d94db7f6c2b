"""A model folder in; its towers, run by torch or onnxruntime on this machine out. Knows nothing of where the folder
came from."""
