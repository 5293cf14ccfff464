"""Forms about mail, questions and documents, a module a topic."""
