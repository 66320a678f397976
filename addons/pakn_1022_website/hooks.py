"""What the addon sets once, when it is installed."""


def post_init_hook(env):
    """Hide what is personal in what is published already, and count for the public."""
    env["pakn.ticket"]._init_public_texts()
    env["pakn.statistics"]._count()
