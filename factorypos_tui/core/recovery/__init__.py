"""What is left after a kill, a power cut or a failing disk is set right before anything is sent."""
