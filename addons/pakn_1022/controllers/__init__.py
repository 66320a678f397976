from . import downloads, errors, mail, rating, rpc
