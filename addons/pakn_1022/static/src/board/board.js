import { registry } from "@web/core/registry";
import { RelationalModel } from "@web/model/relational_model/relational_model";
import { kanbanView } from "@web/views/kanban/kanban_view";

/** A card that is dragged to another column does what the button of that act does. */
class BoardColumns extends RelationalModel.DynamicGroupList {
    async moveRecord(dataRecordId, dataGroupId, refId, targetGroupId) {
        const [source, target] = [dataGroupId, targetGroupId].map((id) =>
            this.groups.find((group) => group.id === id)
        );
        if (source === target || target.groupByField.name !== "stage_id") {
            return super.moveRecord(...arguments);
        }
        const { resId } = source.list.records.find(({ id }) => id === dataRecordId);
        const renew = () => this.model.load();
        try {
            const args = [[resId], target.value];
            const said = await this.model.orm.call(this.resModel, "drop_on_stage", args);
            await this.model.action.doAction(said, { onClose: renew });
        } catch (error) {
            // The board may be older than what others did
            await renew();
            throw error;
        }
    }
}

class BoardModel extends RelationalModel {
    static DynamicGroupList = BoardColumns;
}

registry.category("views").add("pakn_board", { ...kanbanView, Model: BoardModel });
