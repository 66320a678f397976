import { Component, useEffect, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { namesOf } from "./presence_service";

/** Says on the form who else looks at the request, and tells them of the reader. */
export class Lookers extends Component {
    static template = "pakn_1022.Lookers";
    static props = { ...standardWidgetProps };

    setup() {
        const presence = useService("pakn_presence");
        this.others = useState(presence.others);
        useEffect(
            (id, mayOperate) => {
                if (!id || !mayOperate) {
                    return;
                }
                presence.enter(id);
                return () => presence.leave(id);
            },
            () => [this.props.record.resId, this.props.record.data.can_operate]
        );
    }

    get names() {
        return namesOf(this.others, this.props.record.resId).join(", ");
    }
}

registry.category("view_widgets").add("pakn_lookers", { component: Lookers });
