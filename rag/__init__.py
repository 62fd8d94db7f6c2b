"""Documents in, answers with evidence out: storage, indexing, retrieval, answering, evaluation. Knows no user
interface."""
