from . import pakn_privacy_forms
