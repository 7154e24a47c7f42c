"""Every read of the area, one module per subject."""

from groundwork.registry.queries.batches import preview_of
from groundwork.registry.queries.found import (
    find_bodies,
    find_communities,
    find_people,
    find_units,
    label_of_body,
    label_of_person,
    label_of_place,
    search,
)
from groundwork.registry.queries.imports import import_page, imports_page
from groundwork.registry.queries.people import (
    PeoplePage,
    PersonCard,
    expected_people,
    namesakes,
    own_public_id,
    people_page,
    people_to_export,
    person_card,
)
from groundwork.registry.queries.tree_pages import (
    ancestors,
    bodies_page,
    body_card,
    place_page,
    priorities_in_force,
    priorities_page,
)
from groundwork.registry.queries.workbooks import (
    export_bodies,
    export_people,
    export_places,
    marked_sheet,
    template,
)

__all__ = [
    "PeoplePage",
    "PersonCard",
    "ancestors",
    "bodies_page",
    "body_card",
    "expected_people",
    "export_bodies",
    "export_people",
    "export_places",
    "find_bodies",
    "find_communities",
    "find_people",
    "find_units",
    "import_page",
    "imports_page",
    "label_of_body",
    "label_of_person",
    "label_of_place",
    "marked_sheet",
    "namesakes",
    "own_public_id",
    "people_page",
    "people_to_export",
    "person_card",
    "place_page",
    "preview_of",
    "priorities_in_force",
    "priorities_page",
    "search",
    "template",
]
