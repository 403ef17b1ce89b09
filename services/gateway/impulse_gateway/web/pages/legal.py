"""Imprint, privacy, accessibility: the operator's text, or what is true of a demonstration."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from impulse_contracts.purposes import TERMS
from impulse_gateway.web import language as languages
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(include_in_schema=False)


def _legal(request: Request, name: str, **more: Any) -> Response:
    site = site_of(request)
    text = site.texts.get(f"{name}.{languages.of_page(request)}")
    paragraphs = [each.strip() for each in text.split("\n\n") if each.strip()] if text else None
    return page(request, f"{name}.html", paragraphs=paragraphs, settings=site.settings, **more)


@router.get("/imprint")
async def imprint(request: Request) -> Response:
    """Who is responsible."""
    return _legal(request, "imprint")


@router.get("/privacy")
async def privacy(request: Request) -> Response:
    """What is kept about people, and for how long."""
    return _legal(request, "privacy", terms=TERMS)


@router.get("/accessibility")
async def accessibility(request: Request) -> Response:
    """How accessible the pages are, and where they are not yet."""
    return _legal(request, "accessibility")


@router.get("/attribution")
async def attribution(request: Request) -> Response:
    """Where the data on real organisations and places come from."""
    return page(request, "attribution.html")
