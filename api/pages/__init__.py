"""The three pages: views, their rendering, and the choices they offer."""
