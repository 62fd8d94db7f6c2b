"""What Gradio does that an app which stays open has no use for, in; the same left out. Knows no document, no person."""
