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
    const map = L.map(el).setView(center, zoom);
    map.attributionControl.setPrefix("");
    if (el.dataset.tiles) {
        L.tileLayer(el.dataset.tiles, {
            attribution: el.dataset.attribution,
            maxZoom: 19,
        }).addTo(map);
    }
    return map;
}
