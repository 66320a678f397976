import { registry } from "@web/core/registry";
import { browser } from "@web/core/browser/browser";
import { Interaction } from "@web/public/interaction";

const DISMISSED = "pakn_1022_install_dismissed";

/**
 * The site as an app: registers its service worker, and offers the installation once,
 * where the browser says that it can be installed.
 */
export class PaknInstall extends Interaction {
    static selector = "#wrapwrap";
    dynamicContent = {
        _window: { "t-on-beforeinstallprompt.withTarget": this.onInstallable },
        ".o_pakn_install button[name=install]": { "t-on-click": this.install },
        ".o_pakn_install button[name=later]": { "t-on-click": this.dismiss },
    };

    setup() {
        this.hint = this.el.querySelector(".o_pakn_install");
        // Not within the website's editor, which shows the page in a frame
        if (browser.navigator.serviceWorker && window.self === window.top) {
            browser.navigator.serviceWorker
                .register("/1022-service-worker.js", { scope: "/" })
                .catch(() => {}); // a site without https has none
        }
    }

    onInstallable(ev) {
        if (this.hint && !browser.localStorage.getItem(DISMISSED)) {
            ev.preventDefault();
            this.prompt = ev;
            this.hint.hidden = false;
        }
    }

    async install() {
        this.dismiss();
        await this.prompt.prompt();
    }

    dismiss() {
        this.hint.hidden = true;
        browser.localStorage.setItem(DISMISSED, "1");
    }
}

registry.category("public.interactions").add("pakn_1022_website.install", PaknInstall);
