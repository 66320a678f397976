from . import common, knowledge, pwa, unit_page
