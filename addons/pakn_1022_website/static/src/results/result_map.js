import { debounce, element, start } from "../site/site.js";
import { createMap, loadScript, loadStyle, showAreas } from "../common/map.js";

const CLUSTER = "leaflet_markercluster";

/** The map of results: points with client-side clusters, or clusters of the server. */
class ResultMap {
    constructor(el) {
        this.el = el;
    }

    async start() {
        const created = createMap(this.el.querySelector(".o_pakn_map"));
        await Promise.all([
            created,
            loadScript(`${CLUSTER}/leaflet.markercluster.js`),
            loadStyle(`${CLUSTER}/MarkerCluster.css`),
        ]);
        this.map = await created;
        const { L } = window;
        const icon = (cluster) => this.getIcon(cluster.getChildCount());
        this.points = L.markerClusterGroup({ iconCreateFunction: icon, maxClusterRadius: 50 });
        this.clusters = L.layerGroup();
        this.map.addLayer(this.points).addLayer(this.clusters);
        showAreas(this.map);
        const update = debounce(() => this.update(), 200);
        this.map.on("moveend", update);
        // The map moves to make room for what is read: its points stay meanwhile
        this.map.on("popupopen", () => (this.isRead = true));
        this.map.on("popupclose", () => {
            this.isRead = false;
            update();
        });
        await this.update();
    }

    getIcon(count) {
        const size = count < 10 ? 36 : count < 100 ? 44 : count < 1000 ? 52 : 62;
        return window.L.divIcon({
            html: `<div class="o_pakn_cluster" style="width:${size}px;height:${size}px">${count}</div>`,
            className: "",
            iconSize: [size, size],
        });
    }

    /** Whether all of what is to be seen is there already. */
    isThere() {
        const zoom = this.map.getZoom();
        return this.zoom === zoom && this.bounds.contains(this.map.getBounds());
    }

    async update() {
        if (this.isRead || (this.bounds && this.isThere())) {
            return;
        }
        const { L } = window;
        const [bounds, zoom] = [this.map.getBounds().pad(0.2), this.map.getZoom()];
        const query = this.el.dataset.query.replace("?", "&");
        let data;
        try {
            const response = await fetch(`/ban-do.json?z=${zoom}&bbox=${bounds.toBBoxString()}${query}`);
            if (!response.ok) {
                return;
            }
            data = await response.json();
        } catch {
            return; // without a connection; the list says the same
        }
        if (this.isRead) {
            return;
        }
        [this.bounds, this.zoom] = [bounds, zoom];
        this.points.clearLayers();
        this.clusters.clearLayers();
        for (const point of data.points) {
            const popup = element("div");
            const link = element("a", "", point.title);
            link.href = point.url;
            const place = [point.category, point.area].filter(Boolean).join(" · ");
            popup.append(link, element("div", "small text-muted", place));
            const options = { title: point.title, alt: point.title };
            if (point.state) {
                popup.append(element("div", "small fw-bold", point.state));
                options.alt = `${point.title}. ${point.state}`;
                options.icon = L.divIcon({ className: "o_pakn_pin_open", iconSize: [26, 26], popupAnchor: [0, -10] });
            }
            const marker = L.marker([point.latitude, point.longitude], options);
            this.points.addLayer(marker.bindPopup(popup));
        }
        for (const [latitude, longitude, count] of data.clusters) {
            L.marker([latitude, longitude], { icon: this.getIcon(count), alt: String(count) })
                .on("click", () => this.map.setView([latitude, longitude], this.map.getZoom() + 2))
                .addTo(this.clusters);
        }
        this.el.dataset.count = data.points.length + data.clusters.length;
    }
}

start(".o_pakn_result_map", (el) => new ResultMap(el).start().catch(() => {}));
