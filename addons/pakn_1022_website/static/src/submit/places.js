import { element, fill, getWords } from "../site/site.js";

let last = 0;

/**
 * Show places of a name as buttons.
 *
 * @param {HTMLInputElement} input the name, or the beginnings of its words
 * @param {HTMLElement} list filled with what is found
 * @param {(place: Object) => void} choose called with the place that is chosen
 */
export async function findPlaces(input, list, choose) {
    const words = getWords().submit;
    const number = ++last;
    const name = input.value.trim();
    const reply = name.length > 1 && (await fetch(`/phan-anh/dia-diem?${new URLSearchParams({ q: name })}`));
    if (number !== last) {
        return; // typed on meanwhile
    }
    const places = reply && reply.ok ? (await reply.json()).places : [];
    const items = places.map((place) => {
        const button = element("button", "btn btn-light border w-100 text-start mb-1", place.name);
        button.type = "button";
        const where = place.now ? fill(words.now, { name: place.now }) : place.ward;
        if (where) {
            button.append(element("span", "d-block small text-muted", where));
        }
        button.addEventListener("click", () => {
            list.replaceChildren();
            input.value = place.name;
            choose(place);
        });
        const item = element("li");
        item.append(button);
        return item;
    });
    if (reply && reply.ok && !items.length) {
        items.push(element("li", "small text-muted", words.found_nothing));
    }
    list.replaceChildren(...items);
}
