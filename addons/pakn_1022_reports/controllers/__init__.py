from . import pakn_1022_reports
