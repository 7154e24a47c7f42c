"""Who may see and do what with visits, contact points, patrols and rounds; a file per subject."""
