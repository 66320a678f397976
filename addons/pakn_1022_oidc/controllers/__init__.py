from . import linking, oidc
