-- a copy of the database calls nobody and listens to no exchange
UPDATE pakn_call_account
   SET active = FALSE, secret = NULL, text_digest = NULL;
