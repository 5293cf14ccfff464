"""Names of made-up companies: pairs that are one company, and pairs that only look so. The first column says which."""

SAME, NOT = True, False
NINGBO, DE, JP = "CN", "DE", "JP"
PAIRS: tuple[tuple[bool, str, str, str], ...] = (
    # one script, other ways of writing
    (SAME, "宁波瑞磁磁业有限公司", "宁波市瑞磁磁业有限责任公司", "CN"),
    (SAME, "宁波瑞磁磁业有限公司", "瑞磁（宁波）磁业有限公司", "CN"),
    (SAME, "宁波瑞磁磁业有限公司", "浙江省宁波市瑞磁磁业有限公司", "CN"),
    (SAME, "寧波瑞磁磁業有限公司", "宁波瑞磁磁业有限公司", "CN"),
    (SAME, "包头鑫源稀土矿业有限公司", "内蒙古包头鑫源稀土矿业有限公司", "CN"),
    (SAME, "Rheinmotor GmbH", "Rhein-Motor GmbH & Co. KG", "DE"),
    (SAME, "Alder Antriebe S.p.A.", "ALDER ANTRIEBE SPA", "IT"),
    (SAME, "Orbis Drives Sp. z o.o.", "Orbis Drives sp z oo", "PL"),
    (SAME, "Kestrel Windkraft GmbH", "Kestrell Windkraft GmbH", "DE"),
    (SAME, "Hamamatsu Kestrel K.K.", "Kestrel Hamamatsu Co., Ltd.", "JP"),
    (SAME, "Quarto Mobility S.A. de C.V.", "Quarto Mobility SA de CV", "MX"),
    (SAME, "Győri Umbra Kft.", "GYORI UMBRA KFT", "HU"),
    # across scripts
    (SAME, "宁波瑞磁磁业有限公司", "Ningbo Ruici Magnet Industry Co., Ltd.", "CN"),
    (SAME, "沈阳科拓磁性材料有限责任公司", "Shenyang Ketuo Magnetic Materials Co., Ltd.", "CN"),
    (SAME, "包头鑫源稀土矿业有限公司", "Baotou Xinyuan Rare Earth Mining Co Ltd", "CN"),
    (SAME, "马鞍山永丰再生资源有限公司", "Ma'anshan Yongfeng Renewable Resources Co., Ltd.", "CN"),
    (SAME, "东阳英洛华磁业有限公司", "Dongyang Ying Luo Hua Magnetics Ltd", "CN"),
    (SAME, "寧波韻昇股份有限公司", "Ningbo Yunsheng Co., Ltd.", "CN"),
    (SAME, "赣州金磊稀土新材料有限公司", "GANZHOU JINLEI RARE-EARTH NEW MATERIAL CO.,LTD", "CN"),
    (SAME, "烟台正海磁材股份有限公司", "Yantai Zhenghai Magnetic Material Corporation", "CN"),
    (SAME, "厦门云拓国际贸易有限公司", "Xiamen Yuntuo International Trade Co., Ltd.", "CN"),
    (SAME, "赣州永翔速凝合金股份有限公司", "Ganzhou Yongxiang Strip Casting Corporation Ltd.", "CN"),
    (SAME, "厦门弘曜对外贸易有限公司", "Xiamen Hongyao Foreign Trade Co., Ltd.", "CN"),
    (
        SAME,
        "佛山力诚磁材有限公司",
        "Foshan Licheng Magnetcis Co., Ltd.",
        "CN",
    ),  # a slip in a word of the trade
    (SAME, "厦门正城贸易股份有限公司", "Xiamen Zhengcheng Trading Corporatoin Ltd.", "CN"),  # and in the form
    (SAME, "烟台福玛磁性材料有限公司", "Yantia Fuma Magnetic Materials Co., Ltd.", "CN"),  # in the place
    (SAME, "赣州盛川稀有金属股份有限公司", "Ganzhou Shengchuan Raer Metals Corporation Ltd.", "CN"),
    # the place left out
    (SAME, "瑞和电声有限公司", "佛山瑞和电声有限公司", "CN"),
    (SAME, "Longnan Xulian Renewable Resources Corp.", "Xulian Renewable Resources Corp.", "CN"),
    # brands that are names of places too
    (SAME, "泰和国际贸易（赣州）有限责任公司", "泰和国际贸易有限责任公司", "CN"),
    (SAME, "Guangyuan Alloy Materials Co., Ltd.", "天津广元合金材料有限公司", "CN"),
    (SAME, "中国稀土集团有限公司", "China Rare Earth Group Co., Ltd.", "CN"),
    (SAME, "广信电器（佛山）有限公司", "佛山广信电器有限公司", "CN"),
    (SAME, "天津广元合金材料有限公司", "Tianjin Guangyuan Alloy Materials Co Ltd", "CN"),
    # other companies
    (NOT, "宁波瑞磁磁业有限公司", "宁波锐磁磁业有限公司", "CN"),  # the same sound, other characters
    (NOT, "宁波瑞磁磁业有限公司", "赣州瑞磁磁业有限公司", "CN"),  # the same brand elsewhere
    (NOT, "宁波瑞磁磁业有限公司", "宁波瑞磁供应链管理有限公司", "CN"),  # another trade
    (NOT, "宁波瑞磁磁业有限公司", "Ganzhou Ruici Magnet Industry Co., Ltd.", "CN"),
    (NOT, "沈阳科拓磁性材料有限责任公司", "沈阳科达磁性材料有限责任公司", "CN"),
    (NOT, "包头鑫源稀土矿业有限公司", "包头金源稀土矿业有限公司", "CN"),
    (NOT, "宁波永昌磁业有限公司", "宁波永恒磁业有限公司", "CN"),
    (NOT, "Alder Antriebe S.p.A.", "Elvar Antriebe S.p.A.", "IT"),
    (NOT, "Orbis Drives Sp. z o.o.", "Orbis Acoustics Sp. z o.o.", "PL"),
    (NOT, "Norden Motors AG", "Borea Motors AG", "DE"),
    (NOT, "Elvar Motors AG", "Elvar Motors GmbH & Co. KG", "DE"),  # two companies of a group
    (NOT, "Tarn Drives Ltd", "Tara Drives Ltd", "GB"),  # too short for a slip of the pen
)
