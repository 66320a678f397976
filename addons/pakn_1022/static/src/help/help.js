import { Component, onWillStart, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { getFirstSheet, getHelpPages } from "./help_pages";

/** One page of help for each of the caller's roles, and a sheet to be printed. */
export class Help extends Component {
    static template = "pakn_1022.Help";
    static props = { ...standardActionServiceProps };

    setup() {
        this.state = useState({ pages: [], key: "" });
        onWillStart(async () => {
            const pages = getHelpPages();
            const isManager = await user.hasGroup("pakn_1022.group_manager");
            for (const page of pages) {
                const mine = await Promise.all(page.groups.map((group) => user.hasGroup(group)));
                if (isManager || mine.some(Boolean)) {
                    this.state.pages.push(page);
                }
            }
            // Who administers needs all pages, the own one first
            this.state.key = (this.state.pages.at(isManager ? -1 : 0) || { key: "first" }).key;
        });
    }

    get page() {
        const { pages, key } = this.state;
        return pages.find((page) => page.key === key) || getFirstSheet();
    }

    get isFirst() {
        return this.state.key === "first";
    }

    choose(key) {
        this.state.key = key;
    }

    print() {
        window.print();
    }
}

registry.category("actions").add("pakn_1022.help", Help);
