from . import pakn_area_load, pakn_map_load, pakn_ticket_publish
