UPDATE pakn_chat_account SET facebook_page_token = NULL, facebook_app_secret = NULL, facebook_verify_token = NULL;
