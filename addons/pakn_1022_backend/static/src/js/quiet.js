/** Nothing of Odoo's own business in the menu of the user. */

import { registry } from "@web/core/registry";
import "@web/webclient/user_menu/user_menu_items";

// An account at odoo.com, and the page where its maker sells
registry.category("user_menuitems").remove("odoo_account");
registry.category("user_menuitems").remove("support");
