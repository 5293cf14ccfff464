"""Reading mail, questions and documents, a module a topic."""
