"""The Gradio app: layout, events, page pictures. The only package that imports Gradio; nothing imports it but app.py."""
