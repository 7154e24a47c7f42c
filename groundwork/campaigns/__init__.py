"""What follows in public: television inquiry, three-phase discussion, alliances, secondments."""
