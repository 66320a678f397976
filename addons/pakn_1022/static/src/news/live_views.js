import { onWillUnmount } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { ListController } from "@web/views/list/list_controller";

const MODELS = ["pakn.ticket", "pakn.transfer"];
// What comes close together is loaded once
const PAUSE = 300;

/** Load a list or board of requests anew when something changed; not under one's hands. */
function useNews(controller) {
    if (!MODELS.includes(controller.props.resModel)) {
        return;
    }
    const { changes } = useService("pakn_news");
    let timer = null;
    const renew = () => {
        const { root } = controller.model;
        const isBusy = root.editedRecord || root.selection?.length;
        if (!document.hidden && !isBusy && controller.model.isReady) {
            controller.model.load();
        }
    };
    const onChanged = () => {
        clearTimeout(timer);
        timer = setTimeout(renew, PAUSE);
    };
    changes.addEventListener("changed", onChanged);
    onWillUnmount(() => {
        clearTimeout(timer);
        changes.removeEventListener("changed", onChanged);
    });
}

for (const controller of [ListController, KanbanController]) {
    patch(controller.prototype, {
        setup() {
            super.setup(...arguments);
            useNews(this);
        },
    });
}
