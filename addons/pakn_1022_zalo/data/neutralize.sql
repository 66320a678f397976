UPDATE pakn_chat_account SET zalo_access_token = NULL, zalo_refresh_token = NULL, zalo_app_secret = NULL, zalo_oa_secret = NULL;
