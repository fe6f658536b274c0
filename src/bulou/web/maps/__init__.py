"""Maps of areas, drawn by the server from data of our own: a tile an area, no pictures from elsewhere."""
