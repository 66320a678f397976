from . import (
    open311,
    open311_submit,
    rest_read,
    rest_requests,
    rest_sign_in,
    rest_uploads,
)
