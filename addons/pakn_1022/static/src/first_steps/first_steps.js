import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** What the administrator sets up before the first call, and how far it is. */
export class FirstSteps extends Component {
    static template = "pakn_1022.FirstSteps";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ steps: [] });
        onWillStart(async () => {
            this.state.steps = await this.orm.call("pakn.first.steps", "get_steps", []);
        });
    }

    get done() {
        return this.state.steps.filter((step) => step.done).length;
    }

    get summary() {
        return _t("%(done)s of %(total)s done. With all of them the hotline is ready.", {
            done: this.done,
            total: this.state.steps.length,
        });
    }

    /** The step to be taken now stands out from the others. */
    isNext(step) {
        return step === this.state.steps.find((other) => !other.done);
    }

    open(step) {
        return this.action.doAction(step.action);
    }
}

registry.category("actions").add("pakn_1022.first_steps", FirstSteps);
