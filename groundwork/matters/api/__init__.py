"""Other programs' doors: JSON with OpenAPI, and Open311 GeoReport v2."""
