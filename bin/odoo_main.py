"""Odoo's command as a file.

A server with workers starts the process for its live lines (websockets) by running
anew the file that it was started as; started as ``python -m odoo`` it would have none
that can be run, and no screen would ever be told of anything.
"""

import odoo.cli

if __name__ == "__main__":
    odoo.cli.main()
