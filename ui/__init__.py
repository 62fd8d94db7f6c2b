"""The Gradio app: layout, events, page pictures. The only package that imports Gradio; only app.py imports it."""
