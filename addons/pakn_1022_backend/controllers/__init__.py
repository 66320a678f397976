from . import export, webmanifest
