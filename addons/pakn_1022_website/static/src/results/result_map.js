import { loadCSS, loadJS } from "@web/core/assets";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";
import { createMap, showAreas } from "../common/map";

const CLUSTER = "/pakn_1022_website/static/lib/leaflet_markercluster";

/** The map of results: points with client-side clusters, or clusters of the server. */
export class ResultMap extends Interaction {
    static selector = ".o_pakn_result_map";

    async start() {
        this.map = await this.waitFor(createMap(this.el.querySelector(".o_pakn_map")));
        await this.waitFor(
            Promise.all([
                loadJS(`${CLUSTER}/leaflet.markercluster.js`),
                loadCSS(`${CLUSTER}/MarkerCluster.css`),
            ])
        );
        const { L } = window;
        const icon = (cluster) => this.getIcon(cluster.getChildCount());
        this.points = L.markerClusterGroup({ iconCreateFunction: icon, maxClusterRadius: 50 });
        this.clusters = L.layerGroup();
        this.map.addLayer(this.points).addLayer(this.clusters);
        showAreas(this.map);
        const update = this.debounced(() => this.update(), 200);
        this.map.on("moveend", update);
        this.registerCleanup(() => this.map.remove());
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

    async update() {
        const { L } = window;
        const box = this.map.getBounds().pad(0.1).toBBoxString();
        const query = this.el.dataset.query.replace("?", "&");
        const response = await this.waitFor(
            fetch(`/ban-do.json?z=${this.map.getZoom()}&bbox=${box}${query}`)
        );
        if (!response.ok) {
            return;
        }
        const data = await this.waitFor(response.json());
        this.points.clearLayers();
        this.clusters.clearLayers();
        for (const point of data.points) {
            const popup = document.createElement("div");
            const link = document.createElement("a");
            link.href = point.url;
            link.textContent = point.title;
            const place = document.createElement("div");
            place.className = "small text-muted";
            place.textContent = [point.category, point.area].filter(Boolean).join(" · ");
            popup.append(link, place);
            const marker = L.marker([point.latitude, point.longitude], { title: point.title, alt: point.title });
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

/** The small map on the page of one result. */
export class ResultPlace extends Interaction {
    static selector = ".o_pakn_result_place";

    async start() {
        const center = [Number(this.el.dataset.latitude), Number(this.el.dataset.longitude)];
        const el = this.el.querySelector(".o_pakn_map");
        const map = await this.waitFor(createMap(el, { center, zoom: 13 }));
        showAreas(map);
        // As rough as the place is given
        window.L.circle(center, { radius: 300, color: "#b03a48" }).addTo(map);
        this.registerCleanup(() => map.remove());
    }
}

registry.category("public.interactions").add("pakn_1022_website.result_map", ResultMap);
registry.category("public.interactions").add("pakn_1022_website.result_place", ResultPlace);
