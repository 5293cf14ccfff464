"""Who is who: which records of clients and suppliers stand for one real party, with the evidence in figures."""
