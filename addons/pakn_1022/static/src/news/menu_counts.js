import { reactive, useEffect, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";
import { NavBar } from "@web/webclient/navbar/navbar";

// After a change, in milliseconds: one question for many changes, not all browsers at once
const PAUSE = 1500;

/** Knows how much waits behind menus, and asks anew when something has changed. */
const menuCountsService = {
    dependencies: ["orm", "pakn_news"],

    start(env, { orm, pakn_news }) {
        const state = reactive({ counts: {} });
        let timer;

        async function load() {
            timer = undefined;
            try {
                state.counts = await orm.silent.call("ir.ui.menu", "get_pakn_counts", []);
            } catch {
                // Odoo itself says that the connection is lost.
            }
        }

        pakn_news.changes.addEventListener("changed", () => {
            timer ||= browser.setTimeout(load, PAUSE * (1 + Math.random()));
        });
        load();
        return state;
    },
};

registry.category("services").add("pakn_menu_counts", menuCountsService);

/** Return a menu whose name says how much waits behind it and behind its entries. */
function withCount(menu, counts) {
    const childrenTree = menu.childrenTree.map((child) => withCount(child, counts));
    const count = childrenTree.reduce(
        (sum, child) => sum + (child.paknCount || 0),
        counts[menu.xmlid] || 0
    );
    const name = count ? `${menu.name} (${count})` : menu.name;
    return { ...menu, childrenTree, name, paknCount: count };
}

patch(NavBar.prototype, {
    setup() {
        super.setup();
        this.paknMenu = useState(useService("pakn_menu_counts"));
        // A number makes a menu wider, so fewer may fit
        useEffect(
            () => {
                this.adapt();
            },
            () => [this.paknMenu.counts]
        );
    },

    get currentAppSections() {
        return super.currentAppSections.map((menu) => withCount(menu, this.paknMenu.counts));
    },

    // Odoo's own is empty too: it stands beside the getter of each patch
    set currentAppSections(_) {},
});
