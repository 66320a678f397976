from . import rating, rpc
