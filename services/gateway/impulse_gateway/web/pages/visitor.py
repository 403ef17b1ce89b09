"""Visitors say who they are: a link shows that the address is theirs, and leads on."""

from fastapi import BackgroundTasks
from starlette.requests import Request
from starlette.responses import Response

from impulse_contracts.codes import Language
from impulse_gateway.web import language as languages
from impulse_gateway.web import sign_in
from impulse_gateway.web.listing_form import Entered, Fault, one
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import Site, site_of

_LONGEST_NAME = 300


def faults(values: Entered) -> list[Fault]:
    """What is wrong with who a visitor says they are."""
    found, name = [], one(values, "name")
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        found.append(Fault("name", "bitte angeben", "please give it"))
    if sign_in.normal(one(values, "address")) is None:
        de = "bitte eine E-Mail-Adresse angeben, etwa name@organisation.example"
        en = "please give an e-mail address such as name@organisation.example"
        found.append(Fault("address", de, en))
    return found


async def introduce(
    request: Request, background: BackgroundTasks, values: Entered, back: str
) -> Response:
    """Sends a link that leads `back` to a visitor with whom nothing is wrong, and says so. Raises
    `Problem` when it is asked for too often."""
    site: Site = site_of(request)
    address = sign_in.normal(one(values, "address"))
    assert address is not None
    await sign_in.count_attempt(site, address, request.client.host if request.client else "")
    language = Language.EN if languages.of_page(request) == "en" else Language.DE
    background.add_task(sign_in.introduce, site, one(values, "name"), address, language, back)
    response = page(request, "sign_in_sent.html", minutes=site.settings.sign_in_seconds // 60)
    response.background = background
    return response
