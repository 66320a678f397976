import { start } from "../site/site.js";

/** A place that is drawn when its map is asked for (template `place_map`). */
start("details.o_pakn_where", (details) => {
    let map;
    const draw = async () => {
        if (!details.open || map) {
            return;
        }
        const box = details.querySelector("[data-latitude]");
        const center = [Number(box.dataset.latitude), Number(box.dataset.longitude)];
        const metres = Number(box.dataset.radius);
        map = import("./map.js").then(async ({ createMap, showAreas }) => {
            const drawn = await createMap(box.querySelector(".o_pakn_map"), { center, zoom: metres ? 13 : 16 });
            showAreas(drawn);
            return drawn;
        });
        try {
            const drawn = await map;
            // As rough as the place is given
            const shape = metres
                ? window.L.circle(center, { radius: metres, color: "#b03a48" })
                : window.L.marker(center, { alt: drawn.getContainer().getAttribute("aria-label") });
            shape.addTo(drawn);
        } catch {
            map = null; // the next time it is opened
        }
    };
    details.addEventListener("toggle", draw);
    // It may have been opened before this script was there
    draw();
});
