"""What the area writes: its roll-ups and the documents written from figures."""
