import { start } from "../site/site.js";
import { keepForms } from "../common/drafts.js";
import { watchFiles } from "../common/files.js";
import "../common/place.js";

/**
 * One slip on the units' page. The page works without this: here a ready answer is
 * inserted without a round trip, photos are made small, and what is typed is kept.
 */
start(".o_pakn_units", (el) => {
    const select = el.querySelector("#answer_article");
    const insert = () => {
        const area = el.querySelector("#answer_result");
        const text = select.selectedOptions[0]?.dataset.text || "";
        if (text && !area.value.includes(text)) {
            area.value = [area.value.trim(), text].filter(Boolean).join("\n\n");
        }
    };
    if (select) {
        select.addEventListener("change", insert);
        el.querySelector("button[name=insert]").addEventListener("click", (ev) => {
            ev.preventDefault();
            insert();
        });
    }
    el.querySelectorAll("input[type=file]").forEach((input) => watchFiles(input));
    keepForms(el.querySelectorAll(".o_pakn_act form"));
});
