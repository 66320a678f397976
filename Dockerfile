# Odoo's own image and what our addons need besides.
FROM odoo:19.0
USER root
RUN pip3 install --no-cache-dir --break-system-packages phonenumbers==9.0.43
USER odoo
