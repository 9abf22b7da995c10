"""Wat een gemeente van declaraties en prestaties ziet."""

from services.declaratie.http.routes import router

__all__ = ["router"]
