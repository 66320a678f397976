import { registry } from "@web/core/registry";
import { pivotView } from "@web/views/pivot/pivot_view";
import { PivotRenderer } from "@web/views/pivot/pivot_renderer";
import { getCounted } from "./counted";

/** Odoo's pivot, of which a number opens what it counts. */
class PaknPivotRenderer extends PivotRenderer {
    onOpenView(cell, newWindow) {
        this.measure = cell.measure;
        super.onOpenView(cell, newWindow);
    }

    openView(domain, views, context, newWindow) {
        const { rows, name } = getCounted(this.model.metaData, this.measure);
        this.actionService.doAction(
            {
                type: "ir.actions.act_window",
                name,
                res_model: this.model.metaData.resModel,
                search_view_id: this.env.config.views?.find((view) => view[1] === "search"),
                views,
                context,
                domain: [...domain, ...rows],
            },
            { newWindow }
        );
    }
}

registry.category("views").add("pakn_pivot", { ...pivotView, Renderer: PaknPivotRenderer });
