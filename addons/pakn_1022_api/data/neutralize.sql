-- keys of programs open nothing in a copy
UPDATE pakn_api_key
   SET date_revoked = now() AT TIME ZONE 'UTC'
 WHERE date_revoked IS NULL;
