"""What the web client asks of the server when it opens a view, of any model."""

from lxml import etree


def get_specification(records, view_type):
    """Return what the fields of the default view ask for, as ``web_read`` takes it."""
    views = records.get_views([(False, view_type)])
    arch = etree.fromstring(views["views"][view_type]["arch"])
    return _specify(arch, views["models"], records._name)


def _specify(arch, models, model):
    specification = {}
    for node in arch.iter("field"):
        # Fields of views within a field are asked for with it
        if next(node.iterancestors("field"), None) is not None:
            continue
        name = node.get("name")
        field = models[model]["fields"].get(name, {})
        if field.get("type") in ("one2many", "many2many"):
            inner = next(
                (child for child in node if child.tag in ("list", "kanban")), None
            )
            fields = (
                {"display_name": {}}
                if inner is None
                else _specify(_outermost(inner), models, field["relation"])
            )
            specification[name] = {"fields": fields, "limit": 40}
        elif field.get("type") == "many2one":
            specification[name] = {"fields": {"display_name": {}}}
        else:
            specification[name] = {}
    return specification


def _outermost(node):
    """Return a view within a field as if it stood alone."""
    return etree.fromstring(etree.tostring(node))


def get_order(records, view_type):
    """Return in which order the default view asks for its records, or ``None``."""
    arch = records.get_view(None, view_type)["arch"]
    return etree.fromstring(arch).get("default_order")


def open_kanban(
    records, domain, group_by, specification, progress_bar=None, order=None
):
    """Do what opening a kanban does, with its columns, cards and bars."""
    groups = records.with_context(read_group_expand=True).web_read_group(
        domain,
        [group_by],
        ["__count"],
        order=order,
        auto_unfold=True,
        unfold_read_specification=specification,
        unfold_read_default_limit=40,
    )
    if progress_bar:
        records.read_progress_bar(domain, group_by, progress_bar)
    return groups


def open_list(records, domain, specification, order=None):
    """Do what opening a list does."""
    return records.web_search_read(
        domain, specification, order=order, limit=80, count_limit=10001
    )


def open_form(record, specification):
    """Do what opening a form does, the arrangement of its view apart."""
    return record.web_read(specification)
