import { loadCSS, loadJS } from "@web/core/assets";

const LIB = "/pakn_1022_website/static/lib";
// The middle of the province, and a zoom that shows all of it
const CENTER = [13.95, 108.45];
const ZOOM = 8;

/**
 * Draw a Leaflet map in an element of the template `map_canvas`, whose data name the
 * tiles, if any. Leaflet is loaded when the first map is drawn.
 *
 * @param {HTMLElement} el
 * @param {Object} [view] `center` ([latitude, longitude]) and `zoom`
 * @returns {Promise<L.Map>}
 */
export async function createMap(el, { center = CENTER, zoom = ZOOM } = {}) {
    await Promise.all([loadJS(`${LIB}/leaflet/leaflet.js`), loadCSS(`${LIB}/leaflet/leaflet.css`)]);
    const { L } = window;
    L.Icon.Default.imagePath = `${LIB}/leaflet/images/`;
    const map = L.map(el, { minZoom: 6, maxZoom: 19 }).setView(center, zoom);
    map.attributionControl.setPrefix("");
    if (el.dataset.tiles) {
        L.tileLayer(el.dataset.tiles, {
            attribution: el.dataset.attribution,
            maxZoom: 19,
        }).addTo(map);
    }
    return map;
}

/**
 * Show the wards and communes behind a map that has no tiles: their ground and, when
 * there is room, their names.
 *
 * @param {L.Map} map
 */
export async function showAreas(map) {
    const el = map.getContainer();
    if (el.dataset.tiles) {
        return;
    }
    const { L } = window;
    el.classList.add("o_pakn_map_plain");
    const response = await fetch("/ban-do/dia-ban.json");
    if (!response.ok || !el.isConnected) {
        return;
    }
    const canvas = L.canvas({ padding: 0.5 });
    const ground = L.layerGroup().addTo(map);
    const names = L.layerGroup();
    for (const [name, kind, latitude, longitude] of await response.json()) {
        const style = { renderer: canvas, interactive: false, stroke: false, fillOpacity: 1 };
        // Circles that overlap make the land; wards are smaller and closer together
        L.circle([latitude, longitude], { ...style, radius: kind === "ward" ? 9000 : 13500, fillColor: "#f7f8f2" }).addTo(ground);
        L.circleMarker([latitude, longitude], { ...style, radius: 2, fillColor: "#9aa89a" })
            .bindTooltip(name, { permanent: true, direction: "top", className: "o_pakn_area_label" })
            .addTo(names);
    }
    const update = () => (map.getZoom() >= 10 ? names.addTo(map) : names.remove());
    map.on("zoomend", update);
    update();
}
