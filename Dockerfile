# Odoo's own image and what our addons need besides, in the versions of the tests.
FROM odoo:19.0
USER root
COPY requirements.txt /tmp/requirements.txt
RUN grep -E '^(email-validator|holidays|phonenumbers|smpplib|pyhanko|python-pkcs11|numpy|soundfile|PyJWT)==' /tmp/requirements.txt >/tmp/ours.txt \
    && pip3 install --no-cache-dir --break-system-packages -r /tmp/ours.txt \
    && rm /tmp/requirements.txt /tmp/ours.txt
USER odoo
