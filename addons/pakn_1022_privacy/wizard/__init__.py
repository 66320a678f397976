from . import pakn_file_removal, pakn_privacy_decision
