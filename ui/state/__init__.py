"""What was asked, added and kept, in tabs, threads and the index folder, in; documents, conversations and answers that
are being written out. Knows no component."""
