"""The provinces' folder names and letter codes (GB/T 2260), for files and ids of sources."""

from pipeline.divisions import Division

# 陕西 is shaanxi and SN, to keep it apart from 山西
_PROVINCES = {
    "11": ("beijing", "bj"), "12": ("tianjin", "tj"), "13": ("hebei", "he"),
    "14": ("shanxi", "sx"), "15": ("neimenggu", "nm"), "21": ("liaoning", "ln"),
    "22": ("jilin", "jl"), "23": ("heilongjiang", "hl"), "31": ("shanghai", "sh"),
    "32": ("jiangsu", "js"), "33": ("zhejiang", "zj"), "34": ("anhui", "ah"),
    "35": ("fujian", "fj"), "36": ("jiangxi", "jx"), "37": ("shandong", "sd"),
    "41": ("henan", "ha"), "42": ("hubei", "hb"), "43": ("hunan", "hn"),
    "44": ("guangdong", "gd"), "45": ("guangxi", "gx"), "46": ("hainan", "hi"),
    "50": ("chongqing", "cq"), "51": ("sichuan", "sc"), "52": ("guizhou", "gz"),
    "53": ("yunnan", "yn"), "54": ("xizang", "xz"), "61": ("shaanxi", "sn"),
    "62": ("gansu", "gs"), "63": ("qinghai", "qh"), "64": ("ningxia", "nx"),
    "65": ("xinjiang", "xj"),
}  # fmt: skip


def province_folder(place: Division) -> str:
    """The folder of the catalogue that holds the place's file: ``shandong``."""
    return _PROVINCES[place.code[:2]][0]


def province_letters(place: Division) -> str:
    """What the ids of the place's sites begin with: ``sd``."""
    return _PROVINCES[place.code[:2]][1]
