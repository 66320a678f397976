def post_init_hook(env):
    """Put the requests that are there already under seal, as they are now."""
    env["pakn.seal"]._seal_all()
