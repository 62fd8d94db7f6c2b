"""The Gradio app: layout, events and page pictures. The only package that imports Gradio; imports rag and ingestion, never back."""
