"""The 53 municipalities of the Regionalverband Ruhr and their districts, by their official keys.

Names, keys and inhabitants: Landesbetrieb IT.NRW; all of Germany with coordinates is shipped with
the registry.
"""

from typing import NamedTuple


class Municipality(NamedTuple):
    """A municipality of the Ruhr area; the first five digits of its AGS are its district's.

    Inhabitants are those of 31 December 2024.
    """

    ags: str
    name: str
    district: str
    inhabitants: int


MUNICIPALITIES: tuple[Municipality, ...] = (
    Municipality("05112000", "Duisburg", "Duisburg", 502_270),
    Municipality("05113000", "Essen", "Essen", 574_682),
    Municipality("05117000", "Mülheim an der Ruhr", "Mülheim an der Ruhr", 173_050),
    Municipality("05119000", "Oberhausen", "Oberhausen", 213_646),
    Municipality("05170004", "Alpen", "Kreis Wesel", 12_515),
    Municipality("05170008", "Dinslaken", "Kreis Wesel", 66_993),
    Municipality("05170012", "Hamminkeln", "Kreis Wesel", 26_873),
    Municipality("05170016", "Hünxe", "Kreis Wesel", 13_676),
    Municipality("05170020", "Kamp-Lintfort", "Kreis Wesel", 38_217),
    Municipality("05170024", "Moers", "Kreis Wesel", 101_503),
    Municipality("05170028", "Neukirchen-Vluyn", "Kreis Wesel", 27_140),
    Municipality("05170032", "Rheinberg", "Kreis Wesel", 31_172),
    Municipality("05170036", "Schermbeck", "Kreis Wesel", 13_516),
    Municipality("05170040", "Sonsbeck", "Kreis Wesel", 8_688),
    Municipality("05170044", "Voerde (Niederrhein)", "Kreis Wesel", 35_661),
    Municipality("05170048", "Wesel", "Kreis Wesel", 60_785),
    Municipality("05170052", "Xanten", "Kreis Wesel", 21_179),
    Municipality("05512000", "Bottrop", "Bottrop", 118_535),
    Municipality("05513000", "Gelsenkirchen", "Gelsenkirchen", 267_930),
    Municipality("05562004", "Castrop-Rauxel", "Kreis Recklinghausen", 73_282),
    Municipality("05562008", "Datteln", "Kreis Recklinghausen", 35_473),
    Municipality("05562012", "Dorsten", "Kreis Recklinghausen", 75_277),
    Municipality("05562014", "Gladbeck", "Kreis Recklinghausen", 75_499),
    Municipality("05562016", "Haltern am See", "Kreis Recklinghausen", 38_142),
    Municipality("05562020", "Herten", "Kreis Recklinghausen", 60_941),
    Municipality("05562024", "Marl", "Kreis Recklinghausen", 86_766),
    Municipality("05562028", "Oer-Erkenschwick", "Kreis Recklinghausen", 31_404),
    Municipality("05562032", "Recklinghausen", "Kreis Recklinghausen", 115_344),
    Municipality("05562036", "Waltrop", "Kreis Recklinghausen", 29_177),
    Municipality("05911000", "Bochum", "Bochum", 358_676),
    Municipality("05913000", "Dortmund", "Dortmund", 603_462),
    Municipality("05914000", "Hagen", "Hagen", 190_384),
    Municipality("05915000", "Hamm", "Hamm", 179_968),
    Municipality("05916000", "Herne", "Herne", 155_851),
    Municipality("05954004", "Breckerfeld", "Ennepe-Ruhr-Kreis", 8_816),
    Municipality("05954008", "Ennepetal", "Ennepe-Ruhr-Kreis", 29_446),
    Municipality("05954012", "Gevelsberg", "Ennepe-Ruhr-Kreis", 30_006),
    Municipality("05954016", "Hattingen", "Ennepe-Ruhr-Kreis", 53_044),
    Municipality("05954020", "Herdecke", "Ennepe-Ruhr-Kreis", 22_772),
    Municipality("05954024", "Schwelm", "Ennepe-Ruhr-Kreis", 27_953),
    Municipality("05954028", "Sprockhövel", "Ennepe-Ruhr-Kreis", 24_232),
    Municipality("05954032", "Wetter (Ruhr)", "Ennepe-Ruhr-Kreis", 26_090),
    Municipality("05954036", "Witten", "Ennepe-Ruhr-Kreis", 91_808),
    Municipality("05978004", "Bergkamen", "Kreis Unna", 49_143),
    Municipality("05978008", "Bönen", "Kreis Unna", 17_734),
    Municipality("05978012", "Fröndenberg/Ruhr", "Kreis Unna", 20_504),
    Municipality("05978016", "Holzwickede", "Kreis Unna", 17_596),
    Municipality("05978020", "Kamen", "Kreis Unna", 42_319),
    Municipality("05978024", "Lünen", "Kreis Unna", 86_163),
    Municipality("05978028", "Schwerte", "Kreis Unna", 45_821),
    Municipality("05978032", "Selm", "Kreis Unna", 25_969),
    Municipality("05978036", "Unna", "Kreis Unna", 58_333),
    Municipality("05978040", "Werne", "Kreis Unna", 30_202),
)

DISTRICTS: dict[str, str] = {each.ags[:5]: each.district for each in MUNICIPALITIES}
"""The districts and district-free cities, by the five digits of their keys."""
