-- keys of programs open nothing in a copy
UPDATE pakn_api_key
   SET date_revoked = now() AT TIME ZONE 'UTC'
 WHERE date_revoked IS NULL;
-- nor do citizens stay signed in to them
DELETE FROM pakn_api_session;
-- nor is anybody told of what happens in it
UPDATE pakn_webhook
   SET secret = NULL, date_secret = NULL, secret_before = NULL,
       date_before_ends = NULL, active = FALSE;
