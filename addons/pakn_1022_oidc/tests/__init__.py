from . import test_linking, test_oidc, test_provider, test_sign_in
