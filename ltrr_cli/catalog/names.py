"""What fields are usually called, in several languages, and what people call them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Role -> names, the better candidate first. A name may stand for a part: "artist" also knows "artist_name".
_NAMES = {
    "id": """id _id uid sku identifier item_id product_id entity_id doc_id article_id asin isbn ean gtin upc uuid guid
        identificador identifiant kennung artikelnummer referencia reference ref key code handle slug 编号 商品id""",
    "title": """title name titre titel titulo titolo tytul nome nombre nom naam nazwa namn product_name product_title
        item_name display_name full_name headline heading subject label song track_name movie_title bezeichnung 标题 名称
        商品名 タイトル 名前 제목 이름 название""",
    "type": "type kind entity_type record_type item_type doc_type object_type typ tipo tyyppi 类型 種類 тип",
    "creator": """artist artists author authors brand director directors band performer creator creators by singer
        artiste artistes auteur auteurs autor autora autore autoren marque marca marke merk merke kunstler interprete
        realisateur regisseur regista fabricante 品牌 ブランド 作者 著者 アーティスト 导演 브랜드 저자 автор бренд""",
    "maker": """composer composers writer writers manufacturer maker producer producers developer designer studio
        illustrator photographer lyricist songwriter vendor hersteller fabricant komponist compositeur compositor
        produttore 制造商 メーカー""",
    "popularity": """popularity popular plays play_count playcount streams listens listeners views view_count sales
        units_sold sold sold_count copies_sold downloads download_count purchases orders order_count visits clicks hits
        followers follower_count likes like_count favorites favourites votes vote_count num_votes rating_count
        ratings_count num_ratings review_count reviews_count num_reviews citations popularite popularidad popularidade
        popolarita beliebtheit popularitat ventes ventas vendite verkaufe aufrufe vues 人气 销量 人気 热度""",
    "date": """released release_date released_at date published published_at publication_date pub_date date_published
        issued premiere first_aired year release_year publication_year created created_at date_added added added_at
        timestamp time datum erscheinungsdatum erschienen jahr date_de_sortie date_sortie annee fecha
        fecha_de_lanzamiento lanzamiento ano data data_di_uscita anno uscita data_lancamento 日期 发布日期 年份 日付
        発売日 年 날짜 дата""",
    "price": """price sale_price current_price unit_price list_price regular_price retail_price msrp cost prix
        preis verkaufspreis precio preco prezzo prijs pris cena 价格 価格 가격 цена""",
    "text": """description desc short_description long_description product_description summary abstract text body
        content notes note overview plot synopsis lyrics bio biography about tagline subtitle comment comments excerpt
        beschreibung kurzbeschreibung zusammenfassung inhalt descripcion resumen descrizione riassunto descricao resumo
        resume omschrijving beskrivning opis 描述 简介 説明 概要 설명 описание""",
    "ignore": """url uri href image images image_url img thumbnail thumb photo picture pictures icon cover_url checksum
        hash md5 sha1 sha256 etag embedding vector password token bild imagen immagine imagem 图片 画像""",
}

ROLES = {name: (role, rank) for role, names in _NAMES.items() for rank, name in enumerate(names.split())}

# Objects that only gather fields: their name says nothing about what is in them.
_GROUPS = "attributes attrs properties props specs specifications features details metadata meta fields data facets info extra"
GROUPS = frozenset(_GROUPS.split())

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NOT_WORD = re.compile(r"[\W_]+")
_PREFIX = re.compile(r"^(?:t|n|b|s|i|f|is|has)_+(?=[^\W\d_]{2})")


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """Return a field's name as the tables here write it.

    >>> plain("PlayCount"), plain("Título"), plain("release-date "), plain("Date de sortie")
    ('play_count', 'titulo', 'release_date', 'date_de_sortie')
    """
    snake = _CAMEL.sub("_", name.strip())
    folded = "".join(c for c in unicodedata.normalize("NFD", snake) if not "\u0300" <= c <= "\u036f")
    return ("_" if name[:1] == "_" else "") + _NOT_WORD.sub("_", unicodedata.normalize("NFC", folded)).strip("_").lower()


def label(path: str, prefixed: bool = False) -> str:
    """Return what people call the field at *path*; *prefixed* fields shed a prefix that only tells their kind.

    >>> label("attributes.t_processor_socket", True), label("tracks.title"), label("releaseYear"), label("t_shirt_size")
    ('processor socket', 'tracks title', 'release year', 't shirt size')
    """
    parts = path.split(".")
    if len(parts) > 1:
        parts = [part for part in parts[:-1] if plain(part) not in GROUPS] + parts[-1:]
    if prefixed:
        parts = [_PREFIX.sub("", part) for part in parts]
    return " ".join(re.sub(r"[_\-\s]+", " ", _CAMEL.sub(" ", " ".join(parts))).lower().split()) or path


def singular(name: str) -> str:
    """Return what one of *name* is called; "" for words such as "data" that name no kind of thing.

    >>> singular("products"), singular("Categories"), singular("music_albums"), singular("results"), singular("news")
    ('product', 'category', 'album', '', 'news')
    """
    word = plain(name).rpartition("_")[2]
    if word in GROUPS or word in _VAGUE or not word.isalpha():
        return ""
    if word in ("news", "series", "species"):
        return word
    if word.endswith("ies") and word not in ("movies", "cookies", "zombies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    return word.removesuffix("s") if not word.endswith(("ss", "us", "is")) else word


_THINGS = "catalog catalogue items item records record rows results result docs documents hits entries list export"
_VAGUE = frozenset(_THINGS.split())
