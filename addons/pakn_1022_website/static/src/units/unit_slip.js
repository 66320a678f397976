import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";
import { createMap } from "../common/map";

/**
 * One slip on the units' page. The page works without this: here a ready answer is
 * inserted without a round trip, and the map is drawn when it is opened.
 */
export class UnitSlip extends Interaction {
    static selector = ".o_pakn_units";
    dynamicContent = {
        "button[name=insert]": { "t-on-click.prevent": this.insertArticle },
        "#answer_article": { "t-on-change": this.insertArticle },
        ".o_pakn_where": { "t-on-toggle": this.showMap },
        form: { "t-on-submit": this.holdButtons },
    };

    insertArticle() {
        const option = this.el.querySelector("#answer_article").selectedOptions[0];
        const area = this.el.querySelector("#answer_result");
        const text = option?.dataset.text || "";
        if (text && !area.value.includes(text)) {
            area.value = [area.value.trim(), text].filter(Boolean).join("\n\n");
        }
    }

    async showMap(ev) {
        const box = ev.currentTarget.querySelector("[data-latitude]");
        if (!ev.currentTarget.open || this.map) {
            return;
        }
        const center = [Number(box.dataset.latitude), Number(box.dataset.longitude)];
        this.map = await this.waitFor(
            createMap(box.querySelector(".o_pakn_map"), { center, zoom: 16 })
        );
        window.L.marker(center).addTo(this.map);
    }

    /** A second tap on a slow line sends nothing twice. */
    holdButtons(ev) {
        const button = ev.submitter;
        if (button && button.name !== "insert") {
            this.waitForTimeout(() => (button.disabled = true), 0);
        }
    }
}

registry.category("public.interactions").add("pakn_1022_website.unit_slip", UnitSlip);
