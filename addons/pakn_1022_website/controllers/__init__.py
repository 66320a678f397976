from . import common, knowledge, unit_page
