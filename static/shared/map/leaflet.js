// Leaflet 1.9.4 as shipped puts itself on `window`; the modules here import it from this one place.
import "../../vendor/leaflet-1.9.4/leaflet.js";

export const L = window.L;
