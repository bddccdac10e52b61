"""Whether a place lies in mainland China, where maps are drawn shifted.

The outline is Natural Earth's (1:10m, public domain), thinned to some 2 km and drawn 40 km out to
sea, so that islands and harbours are within; Hong Kong, Macau and Taiwan with its islands are cut
out by hand, rivers between neighbouring towns included. It decides about a shift of half a
kilometre, nothing else, and takes no side in any dispute over a border.
"""

from bisect import bisect_right
from collections.abc import Iterator
from functools import cache

Corner = tuple[float, float]
"""(lat, lon) in degrees."""

Edge = tuple[float, float, float, float]
"""(lat, lon) to (lat, lon)."""

_BANDS_A_DEGREE = 4

_HONG_KONG: tuple[Corner, ...] = (
    (22.130, 113.850), (22.420, 113.850), (22.445, 113.930), (22.482, 113.970),
    (22.505, 114.030), (22.5015, 114.055), (22.517, 114.078), (22.5335, 114.100),
    (22.533, 114.116), (22.541, 114.135), (22.548, 114.152), (22.559, 114.165),
    (22.556, 114.182), (22.555, 114.204), (22.549, 114.222), (22.546, 114.232),
    (22.550, 114.260), (22.574, 114.310), (22.570, 114.420), (22.440, 114.510),
    (22.130, 114.510),
)  # fmt: skip

_MACAU: tuple[Corner, ...] = (
    (22.060, 113.528), (22.120, 113.528), (22.145, 113.5455), (22.165, 113.5425),
    (22.190, 113.534), (22.2145, 113.534), (22.2165, 113.5465), (22.216, 113.556),
    (22.190, 113.600), (22.170, 113.640), (22.060, 113.640),
)  # fmt: skip

_TAIWAN: tuple[Corner, ...] = (
    (21.6, 118.7), (23.9, 118.7), (25.1, 119.95), (26.0, 121.0), (26.0, 123.2), (21.6, 123.2),
)  # fmt: skip

_KINMEN: tuple[Corner, ...] = (
    (24.360, 118.195), (24.420, 118.195), (24.455, 118.225), (24.480, 118.280),
    (24.530, 118.360), (24.530, 118.500), (24.360, 118.560),
)  # fmt: skip

_MATSU: tuple[Corner, ...] = ((25.92, 119.86), (25.92, 120.55), (26.45, 120.55), (26.45, 119.86))

_CUT_OUT = (_HONG_KONG, _MACAU, _TAIWAN, _KINMEN, _MATSU)

_OUTLINE = (
    # An encoded polyline of thousandths of a degree.
    r"iolAwfrF~JbT~@jKSfOdEbUxIaGjJo@bKfDlFpIp@jFk@pGgDbGuDfCz@zE]xG`BdFT~JjOb[xCnQ?xExClHjIpAfF"
    r"fEfFcL~AsK~EkHZcGiD}GQuLdB_GhDcEZeTpEyJ~GeDjHYpQbD|EnCzI`AtHvFfGxPTzIaD|R`HfKbChZ~OzOhKlFj"
    r"D`IfBpKvIpNbMpKnDnMxKjItB`@jFmD|Moe@rF_Hb_@wKjFwChG{@rc@mU`SyAfIqSxFwEhHiBxJeR~JeGzZ}GxLn@"
    r"jGvDrH_Ds@uHlCiO~FwFbJ_BlGj@bGlDdU|AtL_AbJlApGjEfL|P~GQhOjCrHdFjCjHtG|BnMeCjIhA~JrHvGhPzGx"
    r"@zF~ChIi@xHlB~DxDbCtGPhH}A`G|KjHjJjBdE|DdBtEfHnB?hb@b`@??uJ|PsIrIF`LdDrIvMlCdAhIvI`AbHg@fK"
    r"nKhFlEtJvJvFfEpFpClJQdHhIvDjDlGfHdEp\x]~ChL~GpH`AdJpF~EhBtEhJpGzC`FjAbO`DvHlEpYlCpHHvGwBvP"
    r"`HhIfAfGWnF~CbHxLt@zDtBbDnE|BzMuBzK`D|E|@bGaCbMhGfJDpLvJfDpFbK]|XqErM~FjPbCr[nCzIe@vI~BnJf"
    r"MAfJjF~JgApDmDjCiIjHmFhZ{FxKt@`FbDhH~LpF`EbM~CjMRlMbKpDhGn@zFzFbCdFpGpApJvDbD`ChFjBrNqAnKc"
    r"DrGW~IyOtb@kDfDyFvB_LJ_JxBi`@U}MyFuDkEsEwKuW_TeCaG_@yJkCoH}GvDgPpDdD|MsCtLeElD_FvAkGLoFoAs"
    r"A`AU`EjJvi@uA|IkGnGr@tGwAxBnAZYzCm@@]}CqAx@z@_FcBFvAy@J}AaFgC?}C}AoAyBj@t@kBcAMlAUsAq@D}Ah"
    r"Dk@wAyBsHzHa@jB~ApNt@h@[dBmB~@fB|CoFvCDhEwElJmEi@RrDcBjBqApGlAtCcEi@uFfAcAs@kDx@gAzDwDZyHc"
    r"B\qEgI_CqAkBYfCiC`C\pBwAx@y@zDfAx@lAlJ[nAeD~@aAzFH|CrAfAx@vEyGbI]xG_Eh@eLzM`FrDY|A`FtLQ`Cv"
    r"ATbAxB~Hq@tErFV~E}@fAjHfLmBpEeDGrApIdP~EgQpR~@rBrJjDyDzD{BLiB|CrF|CxBhEhC?fB`EzA?RfA}AvEuF"
    r"hCeFhNf@jBeBb@g@nCpCfAl@jBpAy@hG`GhDfAX~E_Aj@a@rD`@nEdBj@Gp@qDpBe@nCvArBtIjBz@jDhC{AjDLvFe"
    r"BdAgCdFwCfEj@hCy@j@}AhATd@rBpNh@lD}EjA`CzAO\dBkBxBZvCaBGe@`CfCdMa@zAkBfAyFq@_A`CgGc@a@x@kD"
    r"UsFbBjExPxJfLXjIoCnCCtAhEtHeE`EmCGoBcBcCbKwE`AiG}AeDj@SxDhAx@aB|Cx@rBsAlAu@pEa@hEv@vEiAhIg"
    r"@j@]aAa@b@uHkDqALeFsFsNbB}EoEsC?H{FgG|ASrDyBfCpCvEmA~@]pGeBx@e@pIkFcBiApBqCmAyF|EoC}CsH`Cm"
    r"AbGeILsFkK}BUjCpPiB|Et@~U~CnL|IrO_EvEwKyKcGDeB~CoAeBmCdBNjF{@NwPs@gD{FIgEyDpBuGL}AkByF{Ao@"
    r"k@jBkDoEqGiDiCmE\eAgAwCGjByIcPuJ|@}EiBwCyA?aE~E{Dv@_AEq@iC~Aq@eCqBsEpBmFoCsMmAoIDkCfAsJi@w"
    r"AzAeDb@cIgAaB`AqK?q@x@f@fC_CrBy@|EnHtAEnC}JrD_ENoBpBcAmAyBnCkHk@wC|CYrBoB?kDxDDjG{HxDv@rB}"
    r"AjDdHdDfDGZ`CdCrBkH`LhAlHq@fCqCTcItJc@lDl@jBfI~BcEhC{AuA}A~@cEcIcEj@uJjFsArDyB\lCzH_ETaBiG"
    r"iDeBm@x@jApE{FxDNtJfArDa@lFtFx@u@lHdAdBlCO^jB}Bj@nBfAMnEn@`AvBMgFfSvAaAsAhLiFnC_AnE|DjDXlF"
    r"tBrB?bBdB\rCwCtD`EBvCbE|NdATtErKb@dOrHdOnH`EnJ~NYrB~BfErCnA~@aCrB\fBxBxDtJ_A|AfBtA{@j@|Ap@"
    r"}C`CjBR?tFfD`G_AjTiJEmBtLaEzFj@bEbEfEHlDcC`EqB`N`@dKiBUsC_FcALaCrKjA`EcE`CjAnCo@dDx@tHdGbI"
    r"pA~I~DlFdJrFxB~E~JhE?xBhDjDbEr@lE}A\nEyDlFuF~@qR}EgDtAeCM{E`LtFjMdAlOlDG_BxPfEvEDrH_AnA~@j"
    r"IwAc@Kh@lAnCUpGyFfHLxDiCnCMhEoBTw@bBp@hCo@pBlHtAvAlDyDtLiC`A}B]k@`A|CjDlH}AhAjBCbEkDLuBpBw"
    r"EfA{CbGaFnAhDbD_BfJlAhCyA`PgGT_E}C}BGwApEfEzFGlFkBrFkBLsA`CoAjIeFtCcClH_FM_ArBkDtAaB_Aa@bB"
    r"}Aj@PpBwAhEbCzMjCpBw@dFwCb@_E~EqEnAo@p@V`CeDRcC~CFnClAfAiDrDq@tCx@`CoF~G_BFUfCiDvCwE|Lu@hI"
    r"cCx@qBy@aBhCgEGu@jRuBhIlA~C`Bp@{ArFrLfA~@lDzAOlCjBQtF{MlFcCbKmCxBeCzFElDmE|NJvC}Aq@iCfAaBa"
    r"CyBxB?vEaJjMa@zDnAbIwChEOtCmCx@wArDiKlDwDjFBzBpElAcArBzBpBSvE}GS_C~BcEkFcCxDcEjBaKuCsO~PsJ"
    r"DgGhC{@iNiBwEpIaAdFwIo@kGcFqBQ}HoHmJeCy@{IzDkCtC}KuA}BdMV`CaBZyAhEoJxIwRRsJhCgDUuGiNyA[wC~"
    r"@wJfQgB~P{AdD}RdH}Eb@iLbG}LuAEpB~BpEkCvEtA|EWpNuBhGDvGyBhEE~GgBbBIdDqE|JoH~@pCpGl@rMsI|C}@"
    r"pGoBdBcB?aBwCmAL{AuAkBtA_IMkJzF{ErKW|CzA|CGrB_KbD{CvNn@xIzBjBwE|C?nCmArBbAlFsEbIqAZSsDkBuA"
    r"BsFgCcEhDoCa@gEeBsB{@mFgCi@k@oCiKzOoBLaF}C}B|CcBy@a@p@yFTuBrDcLb@qDgCuCDaCvCeHpYCfLlCjDdBi"
    r"@f@x@C`EqBdF}PpG{AgAY{DwAc@kEbG{H`EeFuAcETu@{KiFsDkFfAeA`CqAT_O{H}B}JVqIyMeVJuH}DnCuD}AlCq"
    r"Ko@iEd@wCqIsOe@}CtGsBvAcBbDv@vCuAKuLwDoHj@aEsCyD|DmDsDeH_G_D_AkBoIgAcDeFcEEgCcE_A_H~B_^g@c"
    r"I{BkIl@iNmMaPuDLyDqIo@wEkBoAsN}e@RwE{DuLWqGuFaE_AiWeBq@qEzAaBqBmXzFsIqE}B{QkALsBpIkBFqEoN`"
    r"AgF_ByBwGrBiAxDiGgC{c@bRoC`CiHaAkJvAmHkBcBv@}B_HeE~Nj@vNoBrFo@r@{@]aGiNY_QuBkBmAwN`@{HyLsq"
    r"@NwC~GkBbBsHmDoQfFkMOaCyFuCoIc@wCbRoAfAqK_DmIkFoQ_DiIsFcVgHcMsHoNy@WqEnH}WxDsVJ}JaAqI^_XbC"
    r"kDdDfAf@q@eAaJ}JiRScP_GsBu@oEkCc@wELyElDeGU_S|CkKgCoLkGaB_CWmX_CmFcA{MmKyKgC\mBeBqChC{COgF"
    r"iGXeFiAwGtByPcBoEwAqRpGGl@cBhA?~AdFbBb@`DeD`D{MbAFtC~E|AoAdD_SvC_F@kD`BaC`Hy@vDaL?}E`FcG`@"
    r"yI}BqGPuJhCmAdDyGjBy@?oGwBsBFiEtFgAbEmOdAb@dGeFpDMp@oAjCj@lQiNhCyI`DcBdBTpC_D`HNx@eBpOlHtJ"
    r"gExDOvOfQfOxBdBkDhHyBnAiCbCMo@eMbDeH\mF_AoCvC{DI}^`C_JV{MoAeX~@eDC}LrBiUvC{JnKiLd@{O~GwGJ{"
    r"DjC{HtDwEpDeTq@uUfG|CdG?tBoLha@mQbIuA~SuZrJoA{Bes@zLsmC}E_a@dHcjAQcRvCaLpJmHvDgHhJ_`AhNoe@"
    r"_Fsq@lLGVgWpBeDyHeM{`@{`BqI_wAnB{e@aBcIj@gQo@sMeEgJ_DoN]eIyFuSea@ib@_IwYu@kIaIuJ_AgJuDUoHn"
    r"E}FzKuFdFyDx@_CxDmCMmIiG{E]_PuJsCoE}AcGj@mZzGyIpBcI|Fqt@qIwPkBsKgCqBwI{OoJeFqAsIhByMi@wWuB"
    r"uSyL}ScAqI{D_DqEfAiK_HsJ_LiAuHuB{Dz@s_@uDc@wCqB_Bb@_AyInDqEI{FkDgEgFeV|Ac[sD{FhBuAu@_DlCgC"
    r"pBqP]mJdAgJaD}JyAgAcAp@eH[}DzFiEb@_CjB}N`Y}By@cB`JmGbB}DxRaL|L}BnUfAbYjTlX_I~PcCnNrAnWw@vJ"
    r"lBzHvFpIeMdTyL~B{E_Q}OT{NyMmEUsz@ig@lHkVbBcKP_MnE}UiPi`@aAc@_@cDuB}AuBuF_A{Zy@mFyCwEoNmA_@"
    r"lJq@nAo@UoAaEsHeBsGyKmIi@oI_MkD[Yy@wAp@?kBuBEoBaEkBh@g@aCeDc@cCuCsE}ASgC{KgSgAuHyCaCyBZgCc"
    r"DoFh@yEhGgKgEaEzO`BjVaBbBqFEo@aAsCqK}X_c@GoU}AqGIyIoB{F{AoNBeKeCsMxAkDm@q[mAgQoB{FdBcKwAuA"
    r"`Bs@eBoCjBsDj@wIlGiN{@sDb@aC`GiGt@iNvBgCK_D|AgCSy@kBb@k@mAWaLtFyTpAwAg@gE`D_F~DjDk@{JzGyGS"
    r"}Ef@]x@hC|AaAp@lDfCUf@gAu@kBtBcGfCTDwClCgCvCx@nAuF~AzFv@EjCaNlDtAvAtC`O_LbA_DnCFvB|ArAcGp@"
    r"q@rD~@v@}EbC`EfAFhA{BiCgATuChF|CbGy@nRgUvC?~D}CbF|CbBoCjDx@nFgOlJpEnE}AfEp@nBqGrEqBrCmHa@g"
    r"FnBaEPiGS_H}@oAFgNgAwAlA{FhEfAOkFhAmF`DiCVcBsAiEbBsFgDoADiEhA{A|Ds@\{HtDuA`@mDrB?t@}CpBMzG"
    r"cPb@cB_AuJvAiEc@qG|NfHlB{DzCGEiGlBj@`EmDnA?`K|HbBc@lI}LdJsBx@wGeCsR`DcKcAsDx@sKk@eO_BqIx@c"
    r"KsJgHqB?\iGiI{Os@gH~@uQyHoLcGog@tAcDe@oCpCiCj@wE~FfAxFtFfDy@lAiC~IeF|MnLpAnCRxIxDbGlCv@fBu"
    r"AzEi@lAnEvM`E~Ay@zFnApCnExDjBpDkDhBnCp@kBjBZtB`C[tAlCpE~CaA~F`CCnA|BfAIfCtBfArAgAfChCl@wAh"
    r"A`Aj@k@VdBrAZ~CjM|K~CfGs@|Ax@~C`JeLv{@cE`E~@fC~DnCRlDzEb@~FvIEtFxBpGIzFxAp@h@rD~HcGff@kK~C"
    r"rB~A]bHdB~Jk@nBx@`D_FlCMdFtA~BhC`D]nDpEpFq@n@`ElAZa@|LnAfALfHdDfJlAp@b@i@?iEnBiCfB[lAjB}Cx"
    r"@RfAdBZeBp@wEjIcKj@e@vGyBk@h@|F_BxBVjBf@q@^jBjLrDhCs@`B|Aj@i@fIpBI~EzCpBmChEGzDn@UrAvEnBLH"
    r"tAf@gAvA|AbAy@zCpEWtA~FzHk@nJhBvLkA`NlAdMbG]pP}N|KzHiAbGqBZD`EfAjB@hLyBxDEzMWfAq@U]vCl@nC]"
    r"v@}AuCsBrFeALEq@eB`AcA`EeAb@nEvGkAvE`A}AfAvEfBdBlA]vGdDdDi@D|CzKfJfCpGbCh@~DtFXs@|@nJa@xBv"
    r"ClFnAoA]~EtBp@LhCnD~Ba@lF`FzOrCc@JvEy@nA`FtHxBp@pB~GtHpK`Bi@r@wEIxDnDfAt@|ApDaELqGbB_A"
)


def is_mainland(lat: float, lon: float) -> bool:
    """Tell whether the place (WGS-84 degrees) is in mainland China; within 2 km of its border."""
    bands, south = _bands()
    band = bisect_right(south, lat) - 1
    if not 0 <= band < len(bands) or not _is_within(lat, lon, bands[band]):
        return False
    return not any(_is_within(lat, lon, tuple(_edges(corners))) for corners in _CUT_OUT)


@cache
def _bands() -> tuple[list[tuple[Edge, ...]], list[float]]:
    # A place meets only the edges at its own latitude: forty instead of fifteen hundred.
    edges = list(_edges(_decoded(_OUTLINE)))
    lowest = int(min(edge[0] for edge in edges) * _BANDS_A_DEGREE)
    highest = int(max(edge[0] for edge in edges) * _BANDS_A_DEGREE)
    south = [band / _BANDS_A_DEGREE for band in range(lowest, highest + 1)]
    height = 1 / _BANDS_A_DEGREE
    return [
        tuple(
            edge
            for edge in edges
            if min(edge[0], edge[2]) <= start + height and max(edge[0], edge[2]) >= start
        )
        for start in south
    ], south


def _is_within(lat: float, lon: float, edges: tuple[Edge, ...]) -> bool:
    """Count the edges that a ray to the east crosses: odd is within."""
    is_in = False
    for lat_a, lon_a, lat_b, lon_b in edges:
        if (lat_a > lat) != (lat_b > lat):
            crossing = lon_a + (lat - lat_a) / (lat_b - lat_a) * (lon_b - lon_a)
            is_in ^= lon < crossing
    return is_in


def _edges(corners: tuple[Corner, ...]) -> Iterator[Edge]:
    for (lat_a, lon_a), (lat_b, lon_b) in zip(corners, corners[1:] + corners[:1], strict=True):
        yield lat_a, lon_a, lat_b, lon_b


def _decoded(line: str) -> tuple[Corner, ...]:
    numbers, value, shift = [], 0, 0
    for letter in line:
        five = ord(letter) - 63
        value |= (five & 0x1F) << shift
        shift += 5
        if five < 0x20:  # noqa: PLR2004
            numbers.append(~(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    corners, lat, lon = [], 0, 0
    for step_lat, step_lon in zip(numbers[0::2], numbers[1::2], strict=True):
        lat, lon = lat + step_lat, lon + step_lon
        corners.append((lat / 1000, lon / 1000))
    return tuple(corners)
