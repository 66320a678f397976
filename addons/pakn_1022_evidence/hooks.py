def post_init_hook(env):
    """Put requests, names and reports that are there under seal, as they are now."""
    env["pakn.seal"]._seal_all()
    env["pakn.house.seal"]._seal_all()
