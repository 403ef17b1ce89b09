"""The 53 municipalities of the Regionalverband Ruhr and their districts, by their official keys.

Names and keys: Landesbetrieb IT.NRW; all of Germany with coordinates is shipped with the registry.
"""

from typing import NamedTuple


class Municipality(NamedTuple):
    """A municipality of the Ruhr area; the first five digits of its AGS are its district's."""

    ags: str
    name: str
    district: str


MUNICIPALITIES: tuple[Municipality, ...] = (
    Municipality("05112000", "Duisburg", "Duisburg"),
    Municipality("05113000", "Essen", "Essen"),
    Municipality("05117000", "Mülheim an der Ruhr", "Mülheim an der Ruhr"),
    Municipality("05119000", "Oberhausen", "Oberhausen"),
    Municipality("05170004", "Alpen", "Kreis Wesel"),
    Municipality("05170008", "Dinslaken", "Kreis Wesel"),
    Municipality("05170012", "Hamminkeln", "Kreis Wesel"),
    Municipality("05170016", "Hünxe", "Kreis Wesel"),
    Municipality("05170020", "Kamp-Lintfort", "Kreis Wesel"),
    Municipality("05170024", "Moers", "Kreis Wesel"),
    Municipality("05170028", "Neukirchen-Vluyn", "Kreis Wesel"),
    Municipality("05170032", "Rheinberg", "Kreis Wesel"),
    Municipality("05170036", "Schermbeck", "Kreis Wesel"),
    Municipality("05170040", "Sonsbeck", "Kreis Wesel"),
    Municipality("05170044", "Voerde (Niederrhein)", "Kreis Wesel"),
    Municipality("05170048", "Wesel", "Kreis Wesel"),
    Municipality("05170052", "Xanten", "Kreis Wesel"),
    Municipality("05512000", "Bottrop", "Bottrop"),
    Municipality("05513000", "Gelsenkirchen", "Gelsenkirchen"),
    Municipality("05562004", "Castrop-Rauxel", "Kreis Recklinghausen"),
    Municipality("05562008", "Datteln", "Kreis Recklinghausen"),
    Municipality("05562012", "Dorsten", "Kreis Recklinghausen"),
    Municipality("05562014", "Gladbeck", "Kreis Recklinghausen"),
    Municipality("05562016", "Haltern am See", "Kreis Recklinghausen"),
    Municipality("05562020", "Herten", "Kreis Recklinghausen"),
    Municipality("05562024", "Marl", "Kreis Recklinghausen"),
    Municipality("05562028", "Oer-Erkenschwick", "Kreis Recklinghausen"),
    Municipality("05562032", "Recklinghausen", "Kreis Recklinghausen"),
    Municipality("05562036", "Waltrop", "Kreis Recklinghausen"),
    Municipality("05911000", "Bochum", "Bochum"),
    Municipality("05913000", "Dortmund", "Dortmund"),
    Municipality("05914000", "Hagen", "Hagen"),
    Municipality("05915000", "Hamm", "Hamm"),
    Municipality("05916000", "Herne", "Herne"),
    Municipality("05954004", "Breckerfeld", "Ennepe-Ruhr-Kreis"),
    Municipality("05954008", "Ennepetal", "Ennepe-Ruhr-Kreis"),
    Municipality("05954012", "Gevelsberg", "Ennepe-Ruhr-Kreis"),
    Municipality("05954016", "Hattingen", "Ennepe-Ruhr-Kreis"),
    Municipality("05954020", "Herdecke", "Ennepe-Ruhr-Kreis"),
    Municipality("05954024", "Schwelm", "Ennepe-Ruhr-Kreis"),
    Municipality("05954028", "Sprockhövel", "Ennepe-Ruhr-Kreis"),
    Municipality("05954032", "Wetter (Ruhr)", "Ennepe-Ruhr-Kreis"),
    Municipality("05954036", "Witten", "Ennepe-Ruhr-Kreis"),
    Municipality("05978004", "Bergkamen", "Kreis Unna"),
    Municipality("05978008", "Bönen", "Kreis Unna"),
    Municipality("05978012", "Fröndenberg/Ruhr", "Kreis Unna"),
    Municipality("05978016", "Holzwickede", "Kreis Unna"),
    Municipality("05978020", "Kamen", "Kreis Unna"),
    Municipality("05978024", "Lünen", "Kreis Unna"),
    Municipality("05978028", "Schwerte", "Kreis Unna"),
    Municipality("05978032", "Selm", "Kreis Unna"),
    Municipality("05978036", "Unna", "Kreis Unna"),
    Municipality("05978040", "Werne", "Kreis Unna"),
)

DISTRICTS: dict[str, str] = {each.ags[:5]: each.district for each in MUNICIPALITIES}
"""The districts and district-free cities, by the five digits of their keys."""
