"""Live events: who watches figures hears of each report once it is committed, whichever process took it."""
