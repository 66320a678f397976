from . import errors, rating, rpc
