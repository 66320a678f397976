from . import open311, open311_submit
