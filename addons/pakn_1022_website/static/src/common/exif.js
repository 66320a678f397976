/**
 * Where a photo was taken, read from its EXIF data before anything is sent.
 *
 * @param {File} file a JPEG; others tell no place
 * @returns {Promise<[number, number]|null>} latitude and longitude in degrees
 */
export async function readPlace(file) {
    const view = new DataView(await file.slice(0, 256 * 1024).arrayBuffer());
    try {
        return findPlace(view);
    } catch (error) {
        if (error instanceof RangeError) {
            return null; // cut off, or not what it says
        }
        throw error;
    }
}

function findPlace(view) {
    if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) {
        return null;
    }
    let offset = 2;
    while (view.getUint8(offset) === 0xff) {
        const marker = view.getUint8(offset + 1);
        const size = view.getUint16(offset + 2);
        // APP1 that begins with "Exif"
        if (marker === 0xe1 && view.getUint32(offset + 4) === 0x45786966) {
            return readTiff(view, offset + 10);
        }
        if (marker === 0xda) {
            return null;
        }
        offset += 2 + size;
    }
    return null;
}

function readTiff(view, start) {
    const little = view.getUint16(start) === 0x4949;
    const entries = (at) => {
        const found = new Map();
        const count = view.getUint16(at, little);
        for (let index = 0; index < Math.min(count, 200); index++) {
            const entry = at + 2 + index * 12;
            found.set(view.getUint16(entry, little), entry + 8);
        }
        return found;
    };
    const main = entries(start + view.getUint32(start + 4, little));
    if (!main.has(0x8825)) {
        return null;
    }
    const gps = entries(start + view.getUint32(main.get(0x8825), little));
    const degrees = (tag, referenceTag) => {
        const at = start + view.getUint32(gps.get(tag), little);
        const part = (index) =>
            view.getUint32(at + index * 8, little) / view.getUint32(at + index * 8 + 4, little);
        const value = part(0) + part(1) / 60 + part(2) / 3600;
        const reference = String.fromCharCode(view.getUint8(gps.get(referenceTag)));
        return "SW".includes(reference) ? -value : value;
    };
    if (![1, 2, 3, 4].every((tag) => gps.has(tag))) {
        return null;
    }
    const place = [degrees(2, 1), degrees(4, 3)];
    return place.every(Number.isFinite) && (place[0] || place[1]) ? place : null;
}
