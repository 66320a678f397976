import { Component, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

/** The bell: what the reader has not read yet, each with one key to open. */
export class NewsMenu extends Component {
    static template = "pakn_1022.NewsMenu";
    static components = { Dropdown, DropdownItem };
    static props = {};

    setup() {
        this.news = useService("pakn_news");
        this.state = useState(this.news.state);
    }

    /** Ask once, when the bell is used: browsers refuse who asks without being asked. */
    onOpened() {
        if (browser.Notification?.permission === "default") {
            browser.Notification.requestPermission();
        }
    }
}

registry
    .category("systray")
    .add("pakn_1022.NewsMenu", { Component: NewsMenu }, { sequence: 30 });
