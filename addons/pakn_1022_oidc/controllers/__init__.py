from . import oidc
