"""Metadata for macOS: file types that the program opens, and why it needs the camera."""

from __future__ import annotations

from typing import Any

IDENTIFIER = "io.github.salviewer.salviewer"

_PICTURES = ["public.image", "com.adobe.pdf"]
_MOVIES = ["public.movie"]


def entries(release: str) -> dict[str, Any]:
    """Return the additions to Info.plist."""
    return {
        "CFBundleDisplayName": "salviewer",
        "CFBundleShortVersionString": release,
        "LSApplicationCategoryType": "public.app-category.graphics-design",
        "LSMinimumSystemVersion": "12.0",
        "NSHighResolutionCapable": True,
        "NSRequiresAquaSystemAppearance": False,
        "NSCameraUsageDescription": (
            "salviewer shows where people would look in what the camera sees."
            " Pictures never leave this computer."
        ),
        "CFBundleDocumentTypes": [
            _opens("Picture", _PICTURES, "Alternate"),
            _opens("Movie", _MOVIES, "Alternate"),
            _opens("Folder", ["public.folder"], "Alternate"),
            _opens("salviewer project", ["public.json"], "Alternate"),
        ],
    }


def _opens(name: str, types: list[str], rank: str) -> dict[str, Any]:
    return {
        "CFBundleTypeName": name,
        "CFBundleTypeRole": "Viewer",
        "LSHandlerRank": rank,
        "LSItemContentTypes": types,
    }
