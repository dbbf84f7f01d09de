"""Before anything is sent, mends what a kill, a power cut or a failing disk has left."""
