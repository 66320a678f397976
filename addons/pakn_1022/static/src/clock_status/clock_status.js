import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { usePolling } from "../live/live";

/** Tells the manager, on every screen, when the clock stands or asks for a decision. */
export class ClockStatus extends Component {
    static template = "pakn_1022.ClockStatus";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ messages: [] });
        onWillStart(async () => {
            this.isManager = await user.hasGroup("pakn_1022.group_manager");
            if (this.isManager) {
                // Not awaited: the screen does not wait for it.
                this.load();
            }
        });
        const bus = useService("bus_service");
        const reload = () => this.load();
        bus.subscribe("pakn_1022.clock_status", reload);
        onWillUnmount(() => bus.unsubscribe("pakn_1022.clock_status", reload));
        usePolling(reload);
    }

    async load() {
        if (!this.isManager) {
            return;
        }
        try {
            this.state.messages = await this.orm.silent.call(
                "pakn.transfer",
                "get_clock_status",
                []
            );
        } catch {
            // Odoo itself says that the connection is lost.
        }
    }

    act(message) {
        return this.action.doAction(message.action, { onClose: () => this.load() });
    }
}

registry.category("main_components").add("pakn_1022.ClockStatus", { Component: ClockStatus });
