const LIB = new URL("../../lib/", import.meta.url);
// The middle of the province, and a zoom that shows all of it
const CENTER = [13.95, 108.45];
const ZOOM = 8;

const loaded = new Map();

function load(name, make) {
    if (!loaded.has(name)) {
        loaded.set(
            name,
            new Promise((resolve, reject) => {
                const el = make(new URL(name, LIB).href);
                el.onload = resolve;
                el.onerror = () => {
                    loaded.delete(name);
                    el.remove();
                    reject(new TypeError(`${name} did not come`));
                };
                document.head.append(el);
            })
        );
    }
    return loaded.get(name);
}

/** Load a script of `static/lib`, after those that were asked for before. */
export function loadScript(name) {
    return load(name, (src) => Object.assign(document.createElement("script"), { src, async: false }));
}

/** Load a style sheet of `static/lib`. */
export function loadStyle(name) {
    return load(name, (href) => Object.assign(document.createElement("link"), { href, rel: "stylesheet" }));
}

/**
 * Draw a Leaflet map in an element of the template `map_canvas`, whose data name the
 * tiles, if any, and the words. Leaflet is loaded when the first map is drawn.
 *
 * @param {HTMLElement} el
 * @param {Object} [view] `center` ([latitude, longitude]) and `zoom`
 * @returns {Promise<L.Map>}
 * @throws {TypeError} where Leaflet does not come
 */
export async function createMap(el, { center = CENTER, zoom = ZOOM } = {}) {
    await Promise.all([loadScript("leaflet/leaflet.js"), loadStyle("leaflet/leaflet.css")]);
    const { L } = window;
    L.Icon.Default.imagePath = new URL("leaflet/images/", LIB).href;
    const map = L.map(el, { minZoom: 6, maxZoom: 19, zoomControl: false }).setView(center, zoom);
    L.control.zoom({ zoomInTitle: el.dataset.zoomIn, zoomOutTitle: el.dataset.zoomOut }).addTo(map);
    map.attributionControl.setPrefix("");
    // Leaflet itself says it in English
    map.on("popupopen", ({ popup }) => {
        popup.getElement().querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", el.dataset.close);
    });
    if (el.dataset.tiles?.endsWith(".pmtiles")) {
        await loadScript("protomaps/protomaps-leaflet.js");
        const { attribution, tiles: url } = el.dataset;
        const maxDataZoom = Number(url.match(/-(\d+)\.pmtiles$/)[1]);
        window.protomapsL.leafletLayer({ attribution, flavor: "light", lang: "vi", maxDataZoom, url }).addTo(map);
    } else if (el.dataset.tiles) {
        L.tileLayer(el.dataset.tiles, {
            attribution: el.dataset.attribution,
            maxZoom: 19,
        }).addTo(map);
    } else if (el.dataset.attribution) {
        map.attributionControl.addAttribution(el.dataset.attribution);
    }
    return map;
}

// Whole numbers in a degree, as `tools/boundaries.py` packs boundaries
const STEP = 10000;

/** Return a ring of corners, [latitude, longitude], of its packed form. */
function unpack(flat) {
    const ring = [];
    let [x, y] = [0, 0];
    for (let i = 0; i < flat.length; i += 2) {
        x += flat[i];
        y += flat[i + 1];
        ring.push([y / STEP, x / STEP]);
    }
    return ring;
}

/**
 * Show the wards and communes behind a map that has no tiles: their boundaries, or
 * circles where none are loaded, and, when there is room, their names.
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
    for (const [name, kind, latitude, longitude, boundary] of await response.json()) {
        const style = { renderer: canvas, interactive: false, stroke: false, fillOpacity: 1 };
        if (boundary) {
            const line = { ...style, stroke: true, color: "#b9c4b9", weight: 1, fillColor: kind === "ward" ? "#eef0e4" : "#f7f8f2" };
            L.polygon(boundary.map(unpack), line).addTo(ground);
        } else {
            // Circles that overlap make the land; wards are smaller and closer together
            L.circle([latitude, longitude], { ...style, radius: kind === "ward" ? 9000 : 13500, fillColor: "#f7f8f2" }).addTo(ground);
        }
        L.circleMarker([latitude, longitude], { ...style, radius: 2, fillColor: "#9aa89a" })
            .bindTooltip(name, { permanent: true, direction: "top", className: "o_pakn_area_label" })
            .addTo(names);
    }
    const update = () => (map.getZoom() >= 10 ? names.addTo(map) : names.remove());
    map.on("zoomend", update);
    update();
}
