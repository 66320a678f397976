-- nobody's device is told of what happens in a copy
DELETE FROM pakn_push_message;
DELETE FROM pakn_push_device;
