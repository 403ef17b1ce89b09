"""Who bears an actor (Träger), where its report does not say so.

The main target group comes in every legal form: a volunteer agency may be a registered
association, an economic development agency a municipal GmbH. So no single field decides.
"""

from impulse_contracts.codes import ActorKind, ActorType, Carrier, LegalForm

MUNICIPAL_TYPES = frozenset(
    {
        ActorType.MUNICIPALITY,
        ActorType.DISTRICT,
        ActorType.MUNICIPAL_VOLUNTEERING_OFFICE,
    }
)
NONPROFIT_FORMS = frozenset(
    {
        LegalForm.E_V,
        LegalForm.UNREGISTERED_ASSOCIATION,
        LegalForm.GGMBH,
        LegalForm.GUG,
        LegalForm.FOUNDATION_CIVIL,
        LegalForm.TRUST_FOUNDATION,
        LegalForm.CHURCH_BODY,
    }
)
OPEN_FORMS = frozenset(
    {None, LegalForm.NONE, LegalForm.GBR, LegalForm.E_GBR, LegalForm.COOPERATIVE}
)
"""Forms that companies and initiatives share; they say nothing about who bears an actor."""
BY_KIND = {
    ActorKind.COMPANY: Carrier.PRIVATE,
    ActorKind.NONPROFIT: Carrier.NONPROFIT,
    ActorKind.MUNICIPAL: Carrier.MUNICIPAL,
    ActorKind.INTERMEDIARY: Carrier.NONPROFIT,
    ActorKind.FUNDER: Carrier.PUBLIC_OTHER,
    ActorKind.PROGRAMME: Carrier.NONPROFIT,
}


def default_carrier(
    kind: ActorKind, actor_type: ActorType, legal_form: LegalForm | None
) -> Carrier:
    """The carrier that kind, type and legal form suggest. The first rule that holds decides:

    1. Municipalities, districts and municipal volunteering offices are municipal, and so is
       every territorial authority (Gebietskörperschaft).
    2. Chambers are public bodies or, as business associations, private, in whatever form:
       a Berufsverband e.V. serves its trade.
    3. Associations, foundations, gGmbH and gUG are non-profit. So are church bodies: they count
       among the independent, non-profit providers (freie Träger, § 75 (3) SGB VIII).
    4. Economic development agencies are municipal: mostly a GmbH of their city or district.
    5. Any other body of public law is public, but not municipal.
    6. A commercial form is private, unless it is said to be a non-profit or municipal actor.
    7. Else the kind decides: companies are private, municipal actors municipal, funders public
       (ministries and authorities), and all others non-profit.

    A default only: it proves nothing, and what a report says stands over it.
    """
    if actor_type in MUNICIPAL_TYPES or legal_form is LegalForm.MUNICIPALITY_BODY:
        return Carrier.MUNICIPAL
    public = legal_form is LegalForm.PUBLIC_BODY
    if actor_type is ActorType.CHAMBER_ASSOCIATION:
        return Carrier.PUBLIC_OTHER if public else Carrier.PRIVATE
    if legal_form in NONPROFIT_FORMS:
        return Carrier.NONPROFIT
    if actor_type is ActorType.ECONOMIC_DEVELOPMENT_AGENCY:
        return Carrier.MUNICIPAL
    if public:
        return Carrier.PUBLIC_OTHER
    if legal_form not in OPEN_FORMS and kind not in (ActorKind.NONPROFIT, ActorKind.MUNICIPAL):
        return Carrier.PRIVATE
    return BY_KIND[kind]
