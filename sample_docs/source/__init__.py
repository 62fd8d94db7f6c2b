"""The sources of the sample documents; ``sample_docs/build.py`` turns them into PDFs, pictures and questions."""
