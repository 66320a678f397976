from . import common, follow, home, portal, submit
