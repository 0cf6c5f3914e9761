"""Small tables the tests hold Karvania against: indicator numbers, and real names it must keep its distance from.

The names are a selection, written by hand: groups and first-level units that invented names could stray into. The names
of countries and languages come from CLDR through Babel.
"""

from __future__ import annotations


def listed(names: str) -> list[str]:
    """The names of a paragraph, one by one."""
    return names.split()


INDICATORS_PER_FACTOR = {
    1: 11,
    2: 8,
    3: 10,
    4: 9,
    5: 8,
    6: 11,
    7: 14,
    8: 12,
    9: 6,
    10: 8,
    11: 8,
    12: 10,
    13: 19,
    14: 9,
}
INDICATORS = {
    f"{factor}.{number}" for factor, last in INDICATORS_PER_FACTOR.items() for number in range(1, last + 1)
}

GROUPS = listed("""
Tutsi Hutu Twa Oromo Amhara Tigray Somali Afar Nuer Dinka Shilluk Murle Fur Masalit Zaghawa Berti Beja Nuba Acholi Lango
Hema Lendu Banyamulenge Luba Kongo Mongo Ngbandi Hausa Fulani Igbo Yoruba Kanuri Tiv Dogon Tuareg Bambara Songhai Mossi
Rohingya Karen Karenni Kachin Shan Chin Rakhine Kayah Bamar Hmong Tamil Sinhala Sikh Jat Bodo Naga Kuki Meitei Kashmiri
Dalit Adivasi Baloch Pashtun Hazara Tajik Uzbek Turkmen Uyghur Tibetan Mongol Kazakh Kyrgyz Chechen Ingush Avar Ossetian
Abkhaz Lezgin Circassian Tatar Bashkir Chuvash Udmurt Karelian Crimean Armenian Azeri Kurd Yazidi Assyrian Alawite Druze
Shia Sunni Copt Maronite Bahai Jewish Roma Sinti Bosniak Serb Croat Albanian Sami Catalan Basque Galician Corsican Maya
Quechua Aymara Mapuche Guarani Garifuna Miskito Maori Papuan Acehnese Batak Dayak Madurese Moro Ahmadi Rusyn Gagauz
Oromia Darfuri Ogoni Berom Teso Karamojong Turkana Kalenjin Kikuyu Luo Sabaot Ndebele Shona Herero Nama San Ovambo Lozi
Telugu Marathi Gujarati Sindhi Saraiki Brahui Nuristani Wakhi Shughni Talysh Laz Svan Mingrelian Osh Telengit Khakas
""")

UNITS = listed("""
Kandahar Helmand Herat Nangarhar Kunduz Tavush Lori Syunik Ganja Nakhchivan Kakheti Adjara Imereti Guria Kerman Kurdistan
Ilam Khorasan Sistan Semnan Karelia Komi Tuva Dagestan Sakha Kalmykia Perm Samara Saratov Penza Tomsk Omsk Tver Tula
Orlov Kursk Bryansk Smolensk Donetsk Luhansk Kherson Odesa Volyn Lviv Gomel Brest Minsk Vilnius Kaunas Tartu Harju Silesia
Masovia Moravia Bohemia Carinthia Styria Tyrol Salzburg Bavaria Saxony Hesse Saarland Brittany Normandy Corsica Lorraine
Campania Calabria Liguria Lombardy Veneto Umbria Marche Zamora Almeria Valencia Galicia Navarre Asturias Algarve Alentejo
Kasai Katanga Kivu Ituri Equateur Bandundu Sinoe Bomi Kaduna Kano Sokoto Borno Yobe Zamfara Plateau Benue Darfur Kordofan
Sennar Jonglei Unity Lakes Warrap Tigray Oromia Amhara Somali Afar Gambela Turkana Mandera Wajir Lamu Pwani Rakhine Kachin
Shan Kayah Mon Bago Sagaing Punjab Sindh Assam Manipur Mizoram Kerala Karnataka Odisha Xinjiang Tibet Qinghai Gansu Yunnan
Sonora Chiapas Oaxaca Tabasco Sinaloa Zulia Lara Tachira Cauca Choco Narino Loreto Ucayali Cusco Puno Potosi Oruro Pando
Кампания Калабрия Самара Карелия Калмыкия Дагестан Чувашия Мордовия Тасмания Саксония Бавария Моравия Силезия
كردستان كرمان كامبانيا كالابريا دارفور كردفان سنار كسلا حلب درعا السويداء نينوى ديالى الأنبار عدن مأرب لحج تعز
坎帕尼亚 卡拉布里亚 卡累利阿 达尔富尔 科尔多凡 若开邦 克钦邦 旁遮普 巴伐利亚 萨克森 摩拉维亚 西里西亚 加泰罗尼亚
""")
