"""What the addon sets once, when it is installed."""


def post_init_hook(env):
    """Begin to count since when somebody has a role; what was before is not known."""
    env["pakn.role.grant"]._note_roles()
