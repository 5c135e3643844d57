"""Files people send: what may come in, how it is made safe to look at, and who may look."""
