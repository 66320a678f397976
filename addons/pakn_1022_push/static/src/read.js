/** The news on the own requests are read here: the number on the app's icon goes. */
if ("serviceWorker" in navigator) {
    // As worker.js hears it
    navigator.serviceWorker.ready.then(({ active }) => active.postMessage("pakn-read"));
}
