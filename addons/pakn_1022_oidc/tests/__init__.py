from . import test_oidc, test_provider, test_sign_in
