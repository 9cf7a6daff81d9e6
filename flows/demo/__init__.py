"""The bundled sample: four invented district sites, served on loopback for ``quwen demo``."""
