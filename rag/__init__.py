"""Documents in, answers with evidence out: index, retrieval, answering, evaluation."""
