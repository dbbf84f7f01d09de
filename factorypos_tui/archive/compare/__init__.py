"""Compares what a till exported by itself with our Zs. It knows neither of the other two parts."""
