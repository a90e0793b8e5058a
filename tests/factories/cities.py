from __future__ import annotations

from shapely.geometry import MultiPolygon, box, mapping
from sqlalchemy.orm import Session

from civicmap.domain.categories.models import Category, CategoryGroup, CategoryQuestion
from civicmap.domain.categories.questions import Question, details_of
from civicmap.domain.departments.models import Department
from civicmap.domain.jurisdictions.models import Area, Jurisdiction
from civicmap.domain.jurisdictions.queries import City, get_city_by_id

# West, south, east, north in degrees: about 13 by 22 km around 52.4, 16.9.
SQUARE = (16.8, 52.3, 17.0, 52.5)


def make_city(
    session: Session,
    slug: str = "poznan",
    *,
    square: tuple[float, float, float, float] = SQUARE,
    names: dict[str, str] | None = None,
    **values: object,
) -> City:
    """A square city with a West and an East district."""
    west, south, east, north = square
    middle = (west + east) / 2
    shape = MultiPolygon([box(*square)])
    jurisdiction = Jurisdiction(
        slug=slug,
        names=names or {"en": slug.title(), "pl": slug.title()},
        **{
            "country": "PL",
            "time_zone": "Europe/Warsaw",
            "languages": ["pl", "en"],
            "number_prefix": slug[:2].upper(),
            **values,
        },
        boundary=f"SRID=4326;{shape.wkt}",
        outline=mapping(shape),
        west=west,
        south=south,
        east=east,
        north=north,
        view_latitude=(south + north) / 2,
        view_longitude=middle,
        view_zoom=12,
    )
    session.add(jurisdiction)
    session.flush()
    for name, part in {
        "West": box(west, south, middle, north),
        "East": box(middle, south, east, north),
    }.items():
        polygon = MultiPolygon([part])
        session.add(
            Area(
                jurisdiction_id=jurisdiction.id,
                slug=name.lower(),
                name=name,
                names={},
                boundary=f"SRID=4326;{polygon.wkt}",
                outline=mapping(polygon),
                square_metres=100e6,
                label_latitude=part.centroid.y,
                label_longitude=part.centroid.x,
            )
        )
    session.flush()
    return get_city_by_id(session, jurisdiction.id)


def make_department(
    session: Session, city: City, code: str = "roads", **values: object
) -> Department:
    department = Department(
        jurisdiction_id=city.id,
        code=code,
        **{"names": {"en": code.title(), "pl": f"Wydział {code}"}, **values},
    )
    session.add(department)
    session.flush()
    return department


def make_group(session: Session, key: str = "streets", **values: object) -> CategoryGroup:
    found = session.query(CategoryGroup).filter_by(key=key).one_or_none()
    if found:
        return found
    group = CategoryGroup(
        key=key, **{"names": {"en": key.title()}, "icon": "map", "position": 1, **values}
    )
    session.add(group)
    session.flush()
    return group


def make_category(
    session: Session, key: str = "pothole", *, group: str = "streets", **values: object
) -> Category:
    category = Category(
        key=key,
        group_id=make_group(session, group).id,
        **{
            "names": {"en": key.title(), "pl": f"Kategoria {key}"},
            "icon": "triangle-alert",
            "default_department": "roads",
            "urgency": "normal",
            "response_days": 3,
            "fix_days": 10,
            "duplicate_radius": 50,
            "is_public": True,
            "position": 1,
            "retired_at": None,
            **values,
        },
    )
    session.add(category)
    session.flush()
    return category


def make_questions(session: Session, category: Category, *questions: Question) -> None:
    """Let a category ask these."""
    session.add_all(
        CategoryQuestion(
            category_id=category.id,
            code=question.code,
            kind=question.kind,
            names=dict(question.names),
            hints=dict(question.hints),
            is_required=question.required,
            is_public=question.public,
            details=details_of(question),
            position=position,
        )
        for position, question in enumerate(questions)
    )
    session.flush()
