"""The demonstration company: two years of an integrator in 江城, made up from fixed tables and a fixed chance."""
