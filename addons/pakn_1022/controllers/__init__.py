from . import downloads, errors, rating, rpc
