"""The map under the routes, made from OpenStreetMap and served by us: nobody learns where patients live."""

from app.base_map.build import BaseMapError, Built, build
from app.base_map.file import version_of

__all__ = ["BaseMapError", "Built", "build", "version_of"]
