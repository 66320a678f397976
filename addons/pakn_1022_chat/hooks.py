def post_init_hook(env):
    """Name the helper's account in the language of the citizens."""
    local = env(context={"lang": env["pakn.ticket"]._get_citizen_lang()})
    user = local.ref("pakn_1022_chat.user_helper")
    user.name = local._("Helper (a programme)")
