from . import push, pwa
