"""Question files and an index in; measures with intervals, comparisons and the gate's verdict out. Knows nothing of
how hits are found."""
