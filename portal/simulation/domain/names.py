"""Made-up company names and addresses, in four parts as Chinese law has them: place, brand, trade, legal form."""

from dataclasses import dataclass
from typing import Final

from portal.simulation.domain.chance import Chance


@dataclass(frozen=True)
class Place:
    """A city and the GB/T 2260 code of the district that registers companies there."""

    province: str
    city: str
    city_en: str
    region: str


def _places(*rows: tuple[str, str, str, str]) -> tuple[Place, ...]:
    return tuple(Place(*row) for row in rows)


_BAOTOU = ("内蒙古自治区", "包头", "Baotou", "150203")
_GANZHOU = ("江西省", "赣州", "Ganzhou", "360702")
_LIANGSHAN = ("四川省", "冕宁", "Mianning", "513433")
_LESHAN = ("四川省", "乐山", "Leshan", "511102")
_LONGNAN = ("江西省", "龙南", "Longnan", "360783")
_CHANGTING = ("福建省", "长汀", "Changting", "350821")
_JIANGHUA = ("湖南省", "江华", "Jianghua", "431129")
_CHONGZUO = ("广西壮族自治区", "崇左", "Chongzuo", "451402")
_NINGBO = ("浙江省", "宁波", "Ningbo", "330212")
_DONGYANG = ("浙江省", "东阳", "Dongyang", "330783")
_YANTAI = ("山东省", "烟台", "Yantai", "370602")
_ZIBO = ("山东省", "淄博", "Zibo", "370303")
_TAIYUAN = ("山西省", "太原", "Taiyuan", "140106")
_BEIJING = ("北京市", "北京", "Beijing", "110108")
_TIANJIN = ("天津市", "天津", "Tianjin", "120116")
_HEFEI = ("安徽省", "合肥", "Hefei", "340104")
_MAANSHAN = ("安徽省", "马鞍山", "Ma'anshan", "340504")
_XIAMEN = ("福建省", "厦门", "Xiamen", "350203")
_SHENZHEN = ("广东省", "深圳", "Shenzhen", "440306")
_FOSHAN = ("广东省", "佛山", "Foshan", "440605")
_SUZHOU = ("江苏省", "苏州", "Suzhou", "320505")
_YIXING = ("江苏省", "宜兴", "Yixing", "320282")
_SHANGHAI = ("上海市", "上海", "Shanghai", "310115")
_SHENYANG = ("辽宁省", "沈阳", "Shenyang", "210106")
_CHANGSHA = ("湖南省", "长沙", "Changsha", "430104")

#: Where enterprises of each activity are at home. Mines and separators take turns: north and west, then south.
PLACES: Final[dict[str, tuple[Place, ...]]] = {
    "mine": _places(_BAOTOU, _CHANGTING, _LIANGSHAN, _LONGNAN, _JIANGHUA, _CHONGZUO),
    "separator": _places(_BAOTOU, _GANZHOU, _LESHAN, _CHONGZUO, _ZIBO, _YIXING),
    "metal": _places(_BAOTOU, _GANZHOU, _LESHAN, _CHANGTING, _CHANGSHA),
    "alloy": _places(_BAOTOU, _GANZHOU, _NINGBO, _TIANJIN, _XIAMEN),
    "magnet": _places(_NINGBO, _DONGYANG, _BAOTOU, _GANZHOU, _YANTAI, _TAIYUAN, _BEIJING, _TIANJIN, _HEFEI, _MAANSHAN,
                      _XIAMEN, _FOSHAN, _SHENYANG),
    "assembler": _places(_SUZHOU, _SHENZHEN, _SHANGHAI, _NINGBO, _FOSHAN, _CHANGSHA, _HEFEI),
    "recycler": _places(_GANZHOU, _BAOTOU, _NINGBO, _LONGNAN, _SUZHOU),
    "trader": _places(_SHANGHAI, _BEIJING, _GANZHOU, _XIAMEN, _BAOTOU),
    "exporter": _places(_NINGBO, _SHANGHAI, _SHENZHEN, _XIAMEN, _TIANJIN),
    "user": _places(_SHANGHAI, _SUZHOU, _SHENZHEN, _FOSHAN, _CHANGSHA, _HEFEI, _NINGBO, _TIANJIN, _SHENYANG, _ZIBO),
}  # fmt: skip
_TRADES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "mine": (("稀土矿业", "Rare Earth Mining"), ("矿业", "Mining"), ("稀土资源", "Rare Earth Resources")),
    "separator": (("稀土新材料", "Rare Earth New Materials"), ("稀土分离", "Rare Earth Separation"), ("稀土", "Rare Earth")),
    "metal": (("稀土金属", "Rare Earth Metals"), ("金属材料", "Metal Materials"), ("稀有金属", "Rare Metals")),
    "alloy": (("合金材料", "Alloy Materials"), ("速凝合金", "Strip Casting"), ("新材料", "New Materials")),
    "magnet": (("磁材", "Magnetics"), ("磁业", "Magnet Industry"), ("永磁科技", "Permanent Magnet Technology"),
               ("强磁材料", "Magnetic Materials"), ("磁性材料", "Magnetic Materials")),
    "assembler": (("电机", "Motor"), ("电驱动", "Electric Drive"), ("机电", "Electromechanical"), ("电声", "Acoustics")),
    "recycler": (("再生资源", "Renewable Resources"), ("环保科技", "Environmental Technology"), ("稀土综合利用", "Rare Earth Recycling")),
    "trader": (("贸易", "Trading"), ("供应链管理", "Supply Chain"), ("国际贸易", "International Trading")),
    "exporter": (("进出口", "Import & Export"), ("国际贸易", "International Trade"), ("对外贸易", "Foreign Trade")),
    "user": (("汽车零部件", "Auto Parts"), ("催化材料", "Catalyst Materials"), ("电器", "Electric Appliances"),
             ("风电设备", "Wind Power Equipment"), ("精密陶瓷", "Precision Ceramics"), ("机器人", "Robotics")),
}  # fmt: skip
_FORMS: Final = (
    ("有限公司", "Co., Ltd."),
    ("有限责任公司", "Co., Ltd."),
    ("股份有限公司", "Corporation Ltd."),
    ("有限公司", "Co., Ltd."),
)
_FIRST: Final = (
    "瑞 rui,恒 heng,金 jin,宏 hong,盛 sheng,华 hua,正 zheng,鑫 xin,东 dong,天 tian,中 zhong,永 yong,嘉 jia,"
    "启 qi,锐 rui,晟 sheng,凯 kai,卓 zhuo,远 yuan,博 bo,泰 tai,亿 yi,承 cheng,弘 hong,昊 hao,旭 xu,铭 ming,"
    "久 jiu,兆 zhao,云 yun,科 ke,力 li,巨 ju,汇 hui,航 hang,朗 lang,睿 rui,德 de,福 fu,广 guang"
)
_SECOND: Final = (
    "磁 ci,源 yuan,达 da,通 tong,泽 ze,升 sheng,辉 hui,诚 cheng,宇 yu,峰 feng,创 chuang,联 lian,安 an,成 cheng,"
    "隆 long,信 xin,丰 feng,洋 yang,新 xin,利 li,邦 bang,尔 er,特 te,和 he,海 hai,川 chuan,霖 lin,昌 chang,"
    "兴 xing,玛 ma,曜 yao,铂 bo,翔 xiang,骏 jun,元 yuan,城 cheng,拓 tuo,腾 teng,原 yuan,美 mei"
)
_STREETS: Final = (
    "工业大道",
    "创业路",
    "科技路",
    "滨河路",
    "兴业街",
    "稀土大街",
    "金港路",
    "迎宾大道",
    "永磁路",
    "开发大道",
)


def _syllables(text: str) -> list[tuple[str, str]]:
    return [(zh, sound) for zh, sound in (pair.split(" ") for pair in text.split(","))]


class Namer:
    """Gives each company a brand of its own, so that no two in the nation share a name."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._taken: set[str] = set()
        self._first, self._second = _syllables(_FIRST), _syllables(_SECOND)

    def company(self, activity: str, turn: int) -> tuple[str, str, Place]:
        """The Chinese name, the English name and the place of the activity's company number `turn`."""
        places = PLACES[activity]
        place = places[turn % len(places)] if activity in ("mine", "separator") else self._chance.pick(places)
        trade, trade_en = self._chance.pick(_TRADES[activity])
        form, form_en = self._chance.pick(_FORMS)
        brand, brand_en = self._brand()
        return f"{place.city}{brand}{trade}{form}", f"{place.city_en} {brand_en} {trade_en} {form_en}", place

    def _brand(self) -> tuple[str, str]:
        for attempt in range(10_000):
            parts = [self._chance.pick(self._first), self._chance.pick(self._second)]
            if attempt > 20:
                parts.append(self._chance.pick(self._second))
            brand = "".join(zh for zh, _ in parts)
            if brand not in self._taken:
                self._taken.add(brand)
                return brand, "".join(sound for _, sound in parts).capitalize()
        raise ValueError("no brand is left; the nation is too large")

    def address(self, place: Place) -> str:
        """A street address, large to small as Chinese addresses run."""
        city = "" if place.province[:2] == place.city else f"{place.city}市"
        return f"{place.province}{city}{self._chance.pick(_STREETS)}{self._chance.whole(1, 988)}号"
