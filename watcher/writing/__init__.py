"""Write to the platform: each change is a request, which a job carries out, once in effect."""
