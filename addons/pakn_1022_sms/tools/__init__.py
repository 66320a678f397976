from . import gateways, segments, telco, templates
