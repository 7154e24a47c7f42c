"""Every write of the area, one module per subject."""

from groundwork.registry.actions.bodies import (
    add_bodies_many,
    add_body,
    close_body,
    edit_body,
    move_body,
)
from groundwork.registry.actions.exports import (
    export_bodies_list,
    export_people_list,
    export_places_list,
)
from groundwork.registry.actions.imports import (
    choose_for_import,
    confirm_import,
    forget_old_imports,
    import_file,
    recheck_import,
    undo_import,
    upload_import,
)
from groundwork.registry.actions.leaving import (
    leave_person,
    merge_people,
    retire_person,
    return_person,
    second_person,
)
from groundwork.registry.actions.people import (
    add_people_many,
    add_person,
    edit_person,
    hand_over,
    move_person,
    receive_resident,
    reveal_phone,
    set_home_community,
)
from groundwork.registry.actions.places import (
    PlacesReport,
    add_grid,
    add_places_many,
    close_grid,
    edit_place,
)
from groundwork.registry.actions.priorities import add_priority, edit_priority
from groundwork.registry.rules.bodies import NewBody
from groundwork.registry.rules.people import NewPerson
from groundwork.registry.rules.places import NewPlace

__all__ = [
    "NewBody",
    "NewPerson",
    "NewPlace",
    "PlacesReport",
    "add_bodies_many",
    "add_body",
    "add_grid",
    "add_people_many",
    "add_person",
    "add_places_many",
    "add_priority",
    "choose_for_import",
    "close_body",
    "close_grid",
    "confirm_import",
    "edit_body",
    "edit_person",
    "edit_place",
    "edit_priority",
    "export_bodies_list",
    "export_people_list",
    "export_places_list",
    "forget_old_imports",
    "hand_over",
    "import_file",
    "leave_person",
    "merge_people",
    "move_body",
    "move_person",
    "receive_resident",
    "recheck_import",
    "retire_person",
    "return_person",
    "reveal_phone",
    "second_person",
    "set_home_community",
    "undo_import",
    "upload_import",
]
