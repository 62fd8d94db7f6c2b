"""An uploaded picture and pages in; where it stands on which page, checked pixel by pixel, out. Knows nothing of
answers."""
