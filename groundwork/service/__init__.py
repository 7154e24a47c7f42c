"""Going out and asking: visits, contact points, grids and patrols, rounds of consultation."""
